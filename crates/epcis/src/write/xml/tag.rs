//! Tags, attributes and text of XML 1.0.

use crate::write::page::Page;

impl Page<'_> {
    /// A start tag without attributes.
    pub(super) fn open(&mut self, name: &str) {
        self.push("<");
        self.push(name);
        self.push(">");
    }

    /// An end tag.
    pub(super) fn close(&mut self, name: &str) {
        self.push("</");
        self.push(name);
        self.push(">");
    }

    /// An element with text.
    pub(super) fn leaf(&mut self, name: &str, text: &str) {
        self.open(name);
        self.text(text);
        self.close(name);
    }

    /// An attribute, in a start tag that is open.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.push(" ");
        self.push(name);
        self.push("=\"");
        self.escaped(value, true);
        self.push("\"");
    }

    pub(super) fn text(&mut self, text: &str) {
        self.escaped(text, false);
    }

    /// Text with what has a meaning in XML replaced by references. A character that XML 1.0 cannot
    /// carry (section 2.2) becomes U+FFFD.
    fn escaped(&mut self, text: &str, in_attribute: bool) {
        if text.bytes().all(is_plain) {
            return self.push(text);
        }
        let mut done = 0;
        for (at, character) in text.char_indices() {
            let reference = match character {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\r' => "&#13;",
                '"' if in_attribute => "&quot;",
                '\t' if in_attribute => "&#9;",
                '\n' if in_attribute => "&#10;",
                '\t' | '\n' => continue,
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => "\u{fffd}",
                _ => continue,
            };
            self.push(&text[done..at]);
            self.push(reference);
            done = at + character.len_utf8();
        }
        self.push(&text[done..]);
    }
}

/// Whether the byte is a character that never has a meaning in XML: most texts have no other.
fn is_plain(byte: u8) -> bool {
    (b' '..=b'~').contains(&byte) && !matches!(byte, b'&' | b'<' | b'>' | b'"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_xml_is_escaped() {
        let mut out = Vec::new();
        let mut page = Page::new(&mut out);
        page.leaf("a", "x < \"y\" & é\r\n\u{1}");
        page.attribute("b", "1\t\"2\"\n>");
        page.finish().expect("a Vec takes every write");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(
            text,
            "<a>x &lt; \"y\" &amp; é&#13;\n\u{fffd}</a> b=\"1&#9;&quot;2&quot;&#10;&gt;\""
        );
    }
}
