//! The content models of EPCIS XML as tables: version 2.0, version 1.0 to 1.2, and what both share.
//!
//! Each line is a type and its content, in the order that the standard demands (EPCIS 2.0 section
//! 9.5, EPCIS 1.2 section 9.5, query interface section 11). The notation:
//!
//! | written | means |
//! |---|---|
//! | `name:type` | an element without a namespace; `?` may be absent, `*` any number, `+` one or more |
//! | `sbdh:name:type`, `q:name:type` | an element of the namespace of that prefix |
//! | `name:type~` | may carry `xsi:nil` |
//! | `&name:type` | only directly after the element before it |
//! | `(a:type\|b:type)` | a choice |
//! | `##other`, `##local` | any element of another namespace, of none |
//! | `=type` | text of that type |
//! | `mixed` | any content |
//! | `@name:type` | an attribute; `!` must be there; `@*` any attribute |
//!
//! Types in lower case are plain values, see `Simple` in `lexical.rs`.

/// A type and its content.
pub(super) type Line = (&'static str, &'static str);

/// Elements that may be the root of a document: prefix of the namespace, name, type.
pub(super) const ROOTS: &[(&str, &str, &str)] = &[
    ("epcis", "EPCISDocument", "Document"),
    ("epcis", "EPCISCaptureJob", "CaptureJob"),
    ("epcis", "EPCISException", "Problem"),
    ("md", "EPCISMasterDataDocument", "md:Document"),
    ("q", "EPCISQueryDocument", "q:Document"),
    ("q", "GetQueryNames", "Empty"),
    ("q", "GetQueryNamesResult", "q:ArrayOfString"),
    ("q", "Subscribe", "q:Subscribe"),
    ("q", "SubscribeResult", "Empty"),
    ("q", "Unsubscribe", "q:Unsubscribe"),
    ("q", "UnsubscribeResult", "Empty"),
    ("q", "GetSubscriptionIDs", "q:GetSubscriptionIDs"),
    ("q", "GetSubscriptionIDsResult", "q:ArrayOfString"),
    ("q", "Poll", "q:Poll"),
    ("q", "GetStandardVersion", "Empty"),
    ("q", "GetStandardVersionResult", "Text"),
    ("q", "GetVendorVersion", "Empty"),
    ("q", "GetVendorVersionResult", "Text"),
    ("q", "VoidHolder", "Empty"),
    ("q", "QueryResults", "q:QueryResults"),
    ("q", "EPCISException", "q:Exception"),
    ("q", "DuplicateNameException", "q:Exception"),
    ("q", "InvalidURIException", "q:Exception"),
    ("q", "NoSuchNameException", "q:Exception"),
    ("q", "NoSuchSubscriptionException", "q:Exception"),
    ("q", "DuplicateSubscriptionException", "q:Exception"),
    ("q", "QueryParameterException", "q:Exception"),
    ("q", "QueryTooLargeException", "q:QueryTooLargeException"),
    ("q", "QueryTooComplexException", "q:Exception"),
    ("q", "SubscriptionControlsException", "q:Exception"),
    ("q", "SubscribeNotPermittedException", "q:Exception"),
    ("q", "SecurityException", "q:Exception"),
    ("q", "ValidationException", "q:Exception"),
    ("q", "ImplementationException", "q:ImplementationException"),
    ("sbdh", "StandardBusinessDocumentHeader", "sbdh:Header"),
];

/// What both versions share.
pub(super) const SHARED: &[Line] = &[
    ("Empty", ""),
    ("Text", "=string"),
    ("Local", "##local+ @*"),
    ("LocalOnly", "##local+"),
    (
        "Document",
        "EPCISHeader:Header? EPCISBody:Body extension:Local? ##other* \
         @schemaVersion:decimal! @creationDate:time! @*",
    ),
    ("Body", "EventList:EventList? extension:Local? ##other* @*"),
    ("HeaderExtension", "EPCISMasterData:MasterData? extension:Local? @*"),
    ("MasterData", "VocabularyList:VocabularyList extension:LocalOnly?"),
    ("VocabularyList", "Vocabulary:Vocabulary*"),
    (
        "Vocabulary",
        "VocabularyElementList:VocabularyElementList? extension:Local? ##other* @type:uri! @*",
    ),
    ("VocabularyElementList", "VocabularyElement:VocabularyElement+"),
    (
        "VocabularyElement",
        "attribute:Attribute* children:Children? extension:Local? ##other* @id:uri! @*",
    ),
    ("Attribute", "mixed @id:uri! @*"),
    ("Children", "id:uri* @*"),
    ("EPCList", "epc:string*"),
    ("QuantityList", "quantityElement:QuantityElement*"),
    ("QuantityElement", "epcClass:uri quantity:decimal~? &uom:string?"),
    ("Place", "id:uri extension:Local? ##other*"),
    ("BizTransactionList", "bizTransaction:BizTransaction+"),
    ("BizTransaction", "=uri @type:uri"),
    ("SourceList", "source:Party+"),
    ("DestinationList", "destination:Party+"),
    ("Party", "=uri @type:uri!"),
    ("ILMD", "extension:Local? ##other* @*"),
    ("CorrectiveEventIDs", "correctiveEventID:uri*"),
    (
        "md:Document",
        "EPCISHeader:Header? EPCISBody:md:Body extension:Local? ##other* \
         @schemaVersion:decimal! @creationDate:time! @*",
    ),
    ("md:Body", "VocabularyList:VocabularyList? extension:Local? ##other* @*"),
    (
        "q:Document",
        "EPCISHeader:Header? EPCISBody:q:Body extension:Local? ##other* \
         @schemaVersion:decimal! @creationDate:time! @*",
    ),
    ("q:Body", "##query"),
    (
        "q:Subscribe",
        "queryName:string params:q:Params dest:uri controls:q:Controls subscriptionID:string",
    ),
    ("q:Unsubscribe", "subscriptionID:string"),
    ("q:GetSubscriptionIDs", "queryName:string"),
    ("q:Poll", "queryName:string params:q:Params"),
    ("q:ArrayOfString", "string:string*"),
    (
        "q:Schedule",
        "second:string? minute:string? hour:string? dayOfMonth:string? month:string? \
         dayOfWeek:string? extension:Local? ##other*",
    ),
    ("q:Params", "param:q:Param*"),
    ("q:Param", "name:string value:any"),
    (
        "q:QueryResults",
        "queryName:string subscriptionID:string? resultsBody:q:ResultsBody extension:Local? \
         ##other*",
    ),
    ("q:ResultsBody", "(EventList:EventList|VocabularyList:VocabularyList)"),
    ("q:Exception", "reason:string"),
    ("q:QueryTooLargeException", "reason:string queryName:string? subscriptionID:string?"),
    (
        "q:ImplementationException",
        "reason:string severity:severity queryName:string? subscriptionID:string?",
    ),
    (
        "sbdh:Header",
        "sbdh:HeaderVersion:string sbdh:Sender:sbdh:Partner+ sbdh:Receiver:sbdh:Partner+ \
         sbdh:DocumentIdentification:sbdh:Identification sbdh:Manifest:sbdh:Manifest? \
         sbdh:BusinessScope:sbdh:Scopes?",
    ),
    ("sbdh:Partner", "sbdh:Identifier:sbdh:Identifier sbdh:ContactInformation:sbdh:Contact*"),
    ("sbdh:Identifier", "=string @Authority:string"),
    (
        "sbdh:Contact",
        "sbdh:Contact:string sbdh:EmailAddress:string? sbdh:FaxNumber:string? \
         sbdh:TelephoneNumber:string? sbdh:ContactTypeIdentifier:string?",
    ),
    (
        "sbdh:Identification",
        "sbdh:Standard:string sbdh:TypeVersion:string sbdh:InstanceIdentifier:string \
         sbdh:Type:string sbdh:MultipleType:boolean? sbdh:CreationDateAndTime:time",
    ),
    ("sbdh:Manifest", "sbdh:NumberOfItems:integer sbdh:ManifestItem:sbdh:ManifestItem+"),
    (
        "sbdh:ManifestItem",
        "sbdh:MimeTypeQualifierCode:string sbdh:UniformResourceIdentifier:uri \
         sbdh:Description:string? sbdh:LanguageCode:string?",
    ),
    ("sbdh:Scopes", "sbdh:Scope:sbdh:Scope*"),
    (
        "sbdh:Scope",
        "sbdh:Type:string sbdh:InstanceIdentifier:string sbdh:Identifier:string? \
         (sbdh:ScopeInformation:any|sbdh:CorrelationInformation:sbdh:Correlation\
         |sbdh:BusinessService:any)*",
    ),
    (
        "sbdh:Correlation",
        "sbdh:RequestingDocumentCreationDateTime:time? \
         sbdh:RequestingDocumentInstanceIdentifier:string? sbdh:ExpectedResponseDateTime:time?",
    ),
];

/// EPCIS 2.0 only.
pub(super) const VERSION_2: &[Line] = &[
    ("Header", "sbdh:StandardBusinessDocumentHeader:sbdh:Header? extension:HeaderExtension? @*"),
    (
        "EventList",
        "(ObjectEvent:ObjectEvent|AggregationEvent:AggregationEvent\
         |TransformationEvent:TransformationEvent|TransactionEvent:TransactionEvent\
         |AssociationEvent:AssociationEvent|extension:Foreign)* @*",
    ),
    ("Foreign", "##other+ @*"),
    (
        "ObjectEvent",
        "%base epcList:EPCList? action:action %why bizTransactionList:BizTransactionList? \
         quantityList:QuantityList? %how ilmd:ILMD? extension:Foreign? ##other* @*",
    ),
    (
        "AggregationEvent",
        "%base parentID:uri? childEPCs:EPCList? action:action %why \
         bizTransactionList:BizTransactionList? childQuantityList:QuantityList? %how \
         extension:Foreign? ##other* @*",
    ),
    (
        "AssociationEvent",
        "%base parentID:uri childEPCs:EPCList? childQuantityList:QuantityList? action:action %why \
         bizTransactionList:BizTransactionList? %how extension:Foreign? ##other* @*",
    ),
    (
        "TransactionEvent",
        "%base bizTransactionList:BizTransactionList parentID:uri? epcList:EPCList? action:action \
         %why quantityList:QuantityList? %how extension:Foreign? ##other* @*",
    ),
    (
        "TransformationEvent",
        "%base inputEPCList:EPCList? inputQuantityList:QuantityList? outputEPCList:EPCList? \
         outputQuantityList:QuantityList? transformationID:uri? %why \
         bizTransactionList:BizTransactionList? %how ilmd:ILMD? extension:Foreign? ##other* @*",
    ),
    (
        "%base",
        "eventTime:stamp recordTime:stamp? eventTimeZoneOffset:string eventID:uri? \
         errorDeclaration:ErrorDeclaration? certificationInfo:uri? baseExtension:Foreign?",
    ),
    ("%why", "bizStep:uri? disposition:uri? readPoint:Place? bizLocation:Place?"),
    (
        "%how",
        "sourceList:SourceList? destinationList:DestinationList? \
         sensorElementList:SensorElementList? persistentDisposition:PersistentDisposition?",
    ),
    (
        "ErrorDeclaration",
        "(declarationTime:stamp|reason:uri|correctiveEventIDs:CorrectiveEventIDs\
         |extension:Local|##other)* @*",
    ),
    ("PersistentDisposition", "unset:uri* set:uri*"),
    ("SensorElementList", "sensorElement:SensorElement+ extension:Local?"),
    (
        "SensorElement",
        "sensorMetadata:SensorMetadata? sensorReport:SensorReport+ extension:Local? ##other*",
    ),
    (
        "SensorMetadata",
        "=string @time:stamp @deviceID:uri @deviceMetadata:uri @rawData:uri @startTime:stamp \
         @endTime:stamp @bizRules:uri @dataProcessingMethod:uri @*",
    ),
    (
        "SensorReport",
        "=string @type:uri @value:double @component:uri @stringValue:string @booleanValue:boolean \
         @hexBinaryValue:hex @uriValue:uri @uom:string @minValue:double @maxValue:double \
         @sDev:double @chemicalSubstance:uri @microorganism:uri @deviceID:uri \
         @deviceMetadata:uri @rawData:uri @time:stamp @meanValue:double @percRank:double \
         @percValue:double @dataProcessingMethod:uri @coordinateReferenceSystem:uri \
         @exception:uri @*",
    ),
    (
        "CaptureJob",
        "captureErrorBehaviour:behaviour createdAt:stamp? finishedAt:stamp? \
         (errors:Problems|errorFile:uri)? ##other* @running:boolean! @success:boolean! \
         @captureID:string! @*",
    ),
    ("Problems", "error:Problem+"),
    ("Problem", "type:uri title:string status:int? detail:string? instance:uri? ##other*"),
    (
        "q:Controls",
        "schedule:q:Schedule? trigger:uri? initialRecordTime:stamp? reportIfEmpty:boolean \
         extension:Local? ##other*",
    ),
];

/// EPCIS 1.0, 1.1 and 1.2 only; each version adds to the one before, so the last one judges all.
pub(super) const VERSION_1: &[Line] = &[
    (
        "Header",
        "sbdh:StandardBusinessDocumentHeader:sbdh:Header extension:HeaderExtension? ##other* @*",
    ),
    (
        "EventList",
        "(ObjectEvent:ObjectEvent|AggregationEvent:AggregationEvent|QuantityEvent:QuantityEvent\
         |TransactionEvent:TransactionEvent|extension:EventListExtension)* @*",
    ),
    ("EventListExtension", "(TransformationEvent:TransformationEvent|extension:Local)"),
    (
        "ObjectEvent",
        "%base epcList:EPCList action:action %why extension:ObjectEventExtension? ##other* @*",
    ),
    ("ObjectEventExtension", "quantityList:QuantityList? %parties ilmd:ILMD? extension:Local? @*"),
    (
        "AggregationEvent",
        "%base parentID:uri? childEPCs:EPCList action:action %why \
         extension:AggregationEventExtension? ##other* @*",
    ),
    ("AggregationEventExtension", "childQuantityList:QuantityList? %parties extension:Local? @*"),
    ("QuantityEvent", "%base epcClass:uri quantity:int %why extension:Local? ##other* @*"),
    (
        "TransactionEvent",
        "%base bizTransactionList:BizTransactionList parentID:uri? epcList:EPCList action:action \
         bizStep:uri? disposition:uri? readPoint:Place? bizLocation:Place? \
         extension:TransactionEventExtension? ##other* @*",
    ),
    ("TransactionEventExtension", "quantityList:QuantityList? %parties extension:Local? @*"),
    (
        "TransformationEvent",
        "%base inputEPCList:EPCList? inputQuantityList:QuantityList? outputEPCList:EPCList? \
         outputQuantityList:QuantityList? transformationID:uri? %why %parties ilmd:ILMD? \
         extension:Local? ##other* @*",
    ),
    (
        "%base",
        "eventTime:time recordTime:time? eventTimeZoneOffset:string baseExtension:BaseExtension?",
    ),
    (
        "%why",
        "bizStep:uri? disposition:uri? readPoint:Place? bizLocation:Place? \
         bizTransactionList:BizTransactionList?",
    ),
    ("%parties", "sourceList:SourceList? destinationList:DestinationList?"),
    ("BaseExtension", "eventID:uri? errorDeclaration:ErrorDeclaration? extension:Local? @*"),
    (
        "ErrorDeclaration",
        "declarationTime:time reason:uri? correctiveEventIDs:CorrectiveEventIDs? \
         extension:Local? ##other* @*",
    ),
    (
        "q:Controls",
        "schedule:q:Schedule? trigger:uri? initialRecordTime:time? reportIfEmpty:boolean \
         extension:Local? ##other*",
    ),
];
