//! International Bank Account Numbers (ISO 13616): country, check number, account.

use super::code_list::is_country_letters;

/// Whether the text is a country, two check digits and an account, whose number modulo 97 is 1.
pub(super) fn is_iban(text: &str) -> bool {
    let Some((head, account)) = text.split_at_checked(4) else { return false };
    // The shortest, of Norway, has 15 characters; the standard allows 34.
    if !(15..=34).contains(&text.len()) || !head.get(..2).is_some_and(is_country_letters) {
        return false;
    }
    let mut rest = 0;
    for byte in account.bytes().chain(head.bytes()) {
        rest = match byte {
            b'0'..=b'9' => rest * 10 + u32::from(byte - b'0'),
            b'A'..=b'Z' => rest * 100 + u32::from(byte - b'A') + 10,
            _ => return false,
        } % 97;
    }
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_numbers() {
        assert!(is_iban("GB82WEST12345698765432") && is_iban("NO9386011117947"));
        assert!(!is_iban("GB83WEST12345698765432"), "another check number");
        assert!(!is_iban("gb82west12345698765432") && !is_iban("GB82") && !is_iban(""));
        assert!(!is_iban("XX82WEST12345698765432"), "no such country");
    }
}
