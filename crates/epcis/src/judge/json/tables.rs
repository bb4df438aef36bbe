//! The objects of EPCIS 2.0 JSON as tables (EPCIS 2.0, section 10; the published JSON schema).
//!
//! Each line is an object and its fields. The first word says which other fields it may have:
//! `closed` none, `uris` those whose names are URIs or compact URIs, `open` any. Then come the
//! fields, `name:type`, with `!` where the field must be there. The types:
//!
//! | written | means |
//! |---|---|
//! | `id` | a URI or a blank node of JSON-LD (`_:a`) |
//! | `uri`, `time`, `number`, … | a plain value, see `value` in `json.rs` |
//! | `Name` | an object of these tables |
//! | `[type]` | a list; `[type]+` of one item or more, `[type]=` without repeats |
//! | `a\|b` | either |

/// An object and its fields.
pub(super) type Line = (&'static str, &'static str);

pub(super) const OBJECTS: &[Line] = &[
    (
        "EPCISDocument",
        "uris @context:context! id:id type:string! schemaVersion:version! creationDate:time! \
         instanceIdentifier:string sender:string receiver:string epcisHeader:Header \
         epcisBody:Body!",
    ),
    (
        "EPCISQueryDocument",
        "uris @context:context! id:id type:string! schemaVersion:version creationDate:time \
         epcisBody:QueryBody!",
    ),
    ("Header", "uris epcisMasterData:MasterData"),
    ("MasterData", "open vocabularyList:[Vocabulary]"),
    ("Body", "open eventList:[event]!"),
    ("QueryBody", "uris queryResults:QueryResults!"),
    ("QueryResults", "uris queryName:string! subscriptionID:string resultsBody:ResultsBody!"),
    ("ResultsBody", "uris eventList:[event]! vocabularyList:[Vocabulary]"),
    ("Vocabulary", "open type:uri! vocabularyElementList:[VocabularyElement]"),
    ("VocabularyElement", "open id:uri! attributes:[Attribute] children:[uri]"),
    ("Attribute", "open id:uri! attribute:number|string|object"),
    (
        "Event",
        "open @context:context eventTime:time! recordTime:time eventTimeZoneOffset:offset! \
         eventID:uri certificationInfo:uri|[uri] errorDeclaration:ErrorDeclaration type:typeUri!",
    ),
    (
        "ObjectEvent",
        "uris %base epcList:[uri]= quantityList:[QuantityElement] %why ilmd:Ilmd action:action!",
    ),
    (
        "AggregationEvent",
        "uris %base parentID:uri childEPCs:[uri] childQuantityList:[QuantityElement] %why \
         action:action!",
    ),
    (
        "AssociationEvent",
        "uris %base parentID:uri! childEPCs:[uri] childQuantityList:[QuantityElement] %why \
         action:action!",
    ),
    (
        "TransactionEvent",
        "uris %base bizTransactionList:[BizTransaction]+! parentID:uri epcList:[uri] \
         quantityList:[QuantityElement] %why action:action!",
    ),
    (
        "TransformationEvent",
        "uris %base inputEPCList:[uri]= inputQuantityList:[QuantityElement] outputEPCList:[uri]= \
         outputQuantityList:[QuantityElement] transformationID:uri %why ilmd:Ilmd",
    ),
    (
        "%base",
        "@context:context type:string! eventTime:time! recordTime:time \
         eventTimeZoneOffset:offset! eventID:uri certificationInfo:uri|[uri] \
         errorDeclaration:ErrorDeclaration",
    ),
    (
        "%why",
        "bizStep:bizStep disposition:disposition persistentDisposition:PersistentDisposition \
         readPoint:Place bizLocation:Place bizTransactionList:[BizTransaction] \
         sourceList:[Source] destinationList:[Destination] sensorElementList:[SensorElement]",
    ),
    ("ErrorDeclaration", "uris declarationTime:time! reason:errorReason correctiveEventIDs:[uri]"),
    ("QuantityElement", "closed epcClass:uri! quantity:number uom:uom"),
    ("PersistentDisposition", "closed set:[disposition]+= unset:[disposition]+="),
    ("Place", "open id:uri!"),
    ("BizTransaction", "closed type:bizTransactionType bizTransaction:uri!"),
    ("Source", "closed type:partyType! source:uri!"),
    ("Destination", "closed type:partyType! destination:uri!"),
    ("Ilmd", "uris"),
    ("SensorElement", "uris sensorMetadata:SensorMetadata sensorReport:[SensorReport]+!"),
    (
        "SensorMetadata",
        "uris time:time deviceID:uri deviceMetadata:uri rawData:uri startTime:time endTime:time \
         dataProcessingMethod:uri bizRules:uri",
    ),
    (
        "SensorReport",
        "uris type:measurement! exception:alert deviceID:uri deviceMetadata:uri rawData:uri \
         dataProcessingMethod:uri bizRules:uri time:time microorganism:uri chemicalSubstance:uri \
         coordinateReferenceSystem:uri value:number component:component stringValue:string \
         booleanValue:boolean hexBinaryValue:hex uriValue:uri minValue:number maxValue:number \
         meanValue:number sDev:number percRank:number percValue:number uom:string",
    ),
];

/// Measurement types of the GS1 Web Vocabulary (CBV 2.0, section 7.6).
pub(super) const MEASUREMENTS: &str = "AbsoluteHumidity AbsorbedDose AbsorbedDoseRate \
    Acceleration Altitude AmountOfSubstance AmountOfSubstancePerUnitVolume Angle \
    AngularAcceleration AngularMomentum AngularVelocity Area Capacitance Conductance Conductivity \
    Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge \
    ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency \
    Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance \
    LuminousFlux LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass \
    MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy \
    MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity Radioactivity \
    RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity \
    SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction \
    VolumetricFlux Wavenumber";

/// Components of measurements (CBV 2.0, section 7.7).
pub(super) const COMPONENTS: &str = "x y z axial_distance azimuth height spherical_radius \
    polar_angle elevation_angle easting northing latitude longitude altitude";

/// Alerts of sensors (CBV 2.0, section 7.6).
pub(super) const ALERTS: &str = "ALARM_CONDITION ERROR_CONDITION";
