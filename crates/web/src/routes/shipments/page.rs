//! Transaction information and statement as a page that prints well: plain HTML, no script.

use theriac_custody::Profile;
use theriac_epcis::trade::{Line, TradeParty, TransactionInformation};
use theriac_node::{ShipmentDirection, ShipmentReport};

/// Serial numbers that are printed; the EPCIS document has all.
const SERIALS_MAX: usize = 20_000;

const STYLE: &str = "\
body { font: 11pt/1.4 system-ui, sans-serif; color: #111; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; margin: 0 0 .2rem } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem }
.parties { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid #bbb }
th { font-weight: 600 } td.n { text-align: right } .serials { font: 9pt/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
.quiet { color: #555 } .missing { color: #a00 }
@media print { body { margin: 0; max-width: none } tr, .parties { break-inside: avoid } thead { display: table-header-group } @page { margin: 15mm } }
";

/// The page of a shipment.
pub(super) fn render(report: &ShipmentReport, profile: &Profile) -> String {
    let mut page = String::from("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">");
    page.push_str("<title>Transaction information</title><style>");
    page.push_str(STYLE);
    page.push_str("</style></head><body>");
    page.push_str("<h1>Transaction information and statement</h1>");
    push(&mut page, "<p class=\"quiet\">", &profile.law, "</p>");
    match &report.information {
        Some(information) => body(&mut page, information),
        None => {
            page.push_str("<p class=\"missing\">The sender has not told the shipping event.</p>")
        }
    }
    origin(&mut page, report);
    page.push_str("</body></html>\n");
    page
}

fn body(page: &mut String, information: &TransactionInformation) {
    page.push_str("<div class=\"parties\">");
    let sides = [
        ("From", &information.from, &information.from_place),
        ("To", &information.to, &information.to_place),
    ];
    for (word, owner, place) in sides {
        page.push_str("<section>");
        push(page, "<h2>", word, "</h2>");
        party(page, owner);
        if let Some(place) = place {
            page.push_str("<p class=\"quiet\">Place:</p>");
            party(page, place);
        }
        page.push_str("</section>");
    }
    page.push_str("</div><h2>Transaction</h2><table><tbody>");
    row(page, "Date of transaction", &information.transaction_date.to_string());
    if let Some(day) = information.shipment_date {
        row(page, "Date of shipment", &day.to_string());
    }
    for reference in &information.references {
        let word = match reference.kind.as_deref() {
            Some("po") => "Purchase order",
            Some("desadv") => "Despatch advice",
            Some("inv") => "Invoice",
            Some(kind) => kind,
            None => "Document",
        };
        row(page, word, reference.number());
    }
    row(page, "Containers", &information.packs.to_string());
    page.push_str("</tbody></table>");
    products(page, &information.lines);
    serials(page, &information.lines);
    page.push_str("<h2>Transaction statement</h2>");
    match &information.statement {
        Some(statement) if statement.affirmed => push(page, "<p>", &statement.legal_notice, "</p>"),
        Some(statement) => {
            push(page, "<p class=\"missing\">Not affirmed: ", &statement.legal_notice, "</p>");
        }
        None => page.push_str("<p class=\"missing\">None was given.</p>"),
    }
}

fn party(page: &mut String, party: &TradeParty) {
    page.push_str("<address>");
    let name = party.name.as_deref().unwrap_or("name not told");
    push(page, "<strong>", name, "</strong><br>");
    for line in party.address() {
        push(page, "", &line, "<br>");
    }
    push(page, "GLN ", &party.gln.to_string(), "</address>");
}

fn products(page: &mut String, lines: &[Line]) {
    page.push_str("<h2>Products</h2><table><thead><tr>");
    let titles = [
        "Name",
        "Strength, dosage form",
        "NDC",
        "GTIN",
        "Container size",
        "Lot",
        "Expiry",
        "Containers",
    ];
    titles.iter().for_each(|title| push(page, "<th>", title, "</th>"));
    page.push_str("</tr></thead><tbody>");
    for line in lines {
        let form = [&line.strength, &line.dosage_form];
        let form: Vec<&str> = form.into_iter().flatten().map(String::as_str).collect();
        page.push_str("<tr>");
        cell(page, line.name.as_deref());
        cell(page, Some(form.join(", ").as_str()).filter(|text| !text.is_empty()));
        cell(page, line.ndc.as_deref());
        cell(page, Some(&line.gtin.to_string()));
        cell(page, line.container_size.as_deref());
        cell(page, line.lot.as_ref().map(ToString::to_string).as_deref());
        cell(page, line.expiry.map(|day| day.to_string()).as_deref());
        push(page, "<td class=\"n\">", &line.containers.to_string(), "</td></tr>");
    }
    page.push_str("</tbody></table>");
}

fn serials(page: &mut String, lines: &[Line]) {
    page.push_str("<h2>Serial numbers</h2>");
    let mut room = SERIALS_MAX;
    for line in lines {
        let lot = line.lot.as_ref().map(ToString::to_string).unwrap_or_default();
        push(page, "<p>", &format!("GTIN {}, lot {lot}", line.gtin), "</p>");
        let shown = line.serials.len().min(room);
        room -= shown;
        let texts: Vec<String> = line.serials[..shown].iter().map(ToString::to_string).collect();
        push(page, "<p class=\"serials\">", &texts.join(" "), "</p>");
        if shown < line.serials.len() {
            let more = line.serials.len() - shown;
            push(
                page,
                "<p class=\"quiet\">",
                &format!("and {more} more: see the EPCIS document"),
                "</p>",
            );
        }
    }
}

fn origin(page: &mut String, report: &ShipmentReport) {
    page.push_str("<h2>Origin of this page</h2><table><tbody>");
    let direction = match report.entry.direction {
        ShipmentDirection::Out => "sent",
        ShipmentDirection::In => "received",
    };
    row(page, "Shipment", &format!("{direction}, {}", report.entry.shipment));
    if let Some(id) = &report.event_id {
        row(page, "Event", id);
    }
    page.push_str("</tbody></table>");
}

fn row(page: &mut String, word: &str, value: &str) {
    push(page, "<tr><th scope=\"row\">", word, "</th>");
    push(page, "<td>", value, "</td></tr>");
}

fn cell(page: &mut String, text: Option<&str>) {
    match text {
        Some(text) => push(page, "<td>", text, "</td>"),
        None => page.push_str("<td class=\"missing\">not told</td>"),
    }
}

/// Text between markup, escaped.
fn push(page: &mut String, before: &str, text: &str, after: &str) {
    page.push_str(before);
    for character in text.chars() {
        match character {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            other => page.push(other),
        }
    }
    page.push_str(after);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_is_no_markup() {
        let mut page = String::new();
        push(&mut page, "<p>", "<script>\"&'", "</p>");
        assert_eq!(page, "<p>&lt;script&gt;&quot;&amp;&#39;</p>");
    }
}
