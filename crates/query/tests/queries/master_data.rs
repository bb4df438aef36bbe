//! Each parameter of `SimpleMasterDataQuery`, with an element that it selects and one it does not.

use crate::events::master_data;
use serde_json::{Value, json};
use theriac_query::{MasterData, MasterDataQuery, vocabulary};

fn selected(parameters: &Value) -> Vec<String> {
    let mut query = json!({"includeAttributes": true, "includeChildren": true});
    let object = query.as_object_mut().expect("an object");
    object.extend(parameters.as_object().expect("an object").clone());
    let query = MasterDataQuery::from_json(object).expect("a query");
    let index = master_data();
    let elements = index.elements().filter(|element| query.matches(element, &index));
    elements.map(|element| element.id.clone()).collect()
}

#[test]
fn each_parameter_selects_what_it_should() {
    let shop = "urn:epc:id:sgln:0614141.07346.0";
    for (parameters, wanted) in [
        (
            json!({"vocabularyName": [vocabulary::BUSINESS_STEP]}),
            vec!["urn:epcglobal:cbv:bizstep:commissioning"],
        ),
        (json!({"vocabularyName": ["urn:x:none"]}), vec![]),
        (json!({"EQ_name": ["https://id.gs1.org/414/0614141073467"]}), vec![shop]),
        (json!({"EQ_name": ["commissioning"]}), vec!["urn:epcglobal:cbv:bizstep:commissioning"]),
        (json!({"WD_name": ["https://example.com/town"]}), vec!["https://example.com/town", shop]),
        (
            json!({"WD_name": ["https://example.com/region"], "HASATTR": ["cbvmda:city"]}),
            vec![shop],
        ),
        (
            json!({"HASATTR": ["urn:x:mda:rgb", "urn:x:mda:cold"]}),
            vec!["https://id.gs1.org/01/04012345123456/10/998877", "red"],
        ),
        (json!({"EQATTR_urn:epcglobal:cbv:mda#city": ["Lviv", "Kyiv"]}), vec![shop]),
        (json!({"EQATTR_urn:epcglobal:cbv:mda#city": ["Lviv"]}), vec![]),
    ] {
        let mut found = selected(&parameters);
        found.sort();
        let mut wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
        wanted.sort();
        assert_eq!(found, wanted, "{parameters}");
    }
}

#[test]
fn an_element_is_told_as_far_as_the_query_wants() {
    let index = master_data();
    let told = |query: &Value| {
        let query = MasterDataQuery::from_json(query.as_object().expect("an object"));
        let query = query.expect("a query");
        let element = index.elements().find(|element| query.matches(element, &index));
        query.view().of(element.expect("an element"))
    };
    let bare = told(
        &json!({"includeAttributes": false, "includeChildren": false, "HASATTR": ["urn:x:mda:who"]}),
    );
    assert!(bare.attributes.is_empty() && bare.children.is_empty());
    let one = json!({"includeAttributes": true, "includeChildren": true, "HASATTR": ["urn:x:mda:who"], "attributeNames": ["urn:x:mda:other"]});
    assert!(told(&one).attributes.is_empty());
    let town = json!({"includeAttributes": "true", "includeChildren": "true", "EQ_name": ["https://example.com/town"], "maxElementCount": 3});
    assert_eq!(told(&town).children, ["urn:epc:id:sgln:0614141.07346.0"]);
}

#[test]
fn a_hierarchy_that_turns_in_a_circle_has_an_end() {
    let mut index = master_data();
    let mut shop =
        index.elements().find(|one| one.id.ends_with("07346.0")).expect("a shop").clone();
    shop.children = vec!["https://example.com/region".to_owned()];
    index.insert(shop);
    let all = index.with_descendants(&[vocabulary::BUSINESS_LOCATION], "https://example.com/town");
    assert_eq!(all.len(), 3);
}
