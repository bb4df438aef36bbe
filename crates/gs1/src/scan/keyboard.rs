//! Keyboard layouts: what a scanner that types for a US keyboard makes of a code on a computer
//! that is set to another layout, and back.

use std::fmt;

/// The layout that a computer is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyboardLayout {
    /// Germany and Austria, QWERTZ.
    German,
    /// Switzerland, QWERTZ.
    Swiss,
    /// France, AZERTY.
    French,
    /// Belgium, AZERTY.
    Belgian,
    /// Spain.
    Spanish,
    /// Italy.
    Italian,
    /// Portugal.
    Portuguese,
    /// United Kingdom and Ireland.
    British,
    /// Sweden and Finland.
    Swedish,
    /// Denmark.
    Danish,
    /// Norway.
    Norwegian,
    /// Czechia, QWERTZ.
    Czech,
    /// Hungary, QWERTZ.
    Hungarian,
}

impl KeyboardLayout {
    /// All layouts.
    pub const ALL: [Self; 13] = [
        Self::German,
        Self::Swiss,
        Self::French,
        Self::Belgian,
        Self::Spanish,
        Self::Italian,
        Self::Portuguese,
        Self::British,
        Self::Swedish,
        Self::Danish,
        Self::Norwegian,
        Self::Czech,
        Self::Hungarian,
    ];

    /// What appears on a computer of this layout when a scanner that is set to the US layout
    /// types `text`. Characters without a key, such as GS, stay.
    #[must_use]
    pub fn typed(self, text: &str) -> String {
        text.chars().map(|c| translate(US, self.keys(), c).unwrap_or(c)).collect()
    }

    /// The text that a scanner set to the US layout typed so that `text` appeared; `None` when
    /// it has a printable character that this layout has no key for.
    #[must_use]
    pub fn meant(self, text: &str) -> Option<String> {
        let stays = |c: char| c.is_control() || c == ' ';
        let meant = |c| if stays(c) { Some(c) } else { translate(self.keys(), US, c) };
        text.chars().map(meant).collect()
    }

    /// The characters of the 47 keys, row by row from the left, without and with shift.
    const fn keys(self) -> Keys {
        match self {
            Self::German => GERMAN,
            Self::Swiss => SWISS,
            Self::French => FRENCH,
            Self::Belgian => BELGIAN,
            Self::Spanish => SPANISH,
            Self::Italian => ITALIAN,
            Self::Portuguese => PORTUGUESE,
            Self::British => BRITISH,
            Self::Swedish => SWEDISH,
            Self::Danish => DANISH,
            Self::Norwegian => NORWEGIAN,
            Self::Czech => CZECH,
            Self::Hungarian => HUNGARIAN,
        }
    }
}

impl fmt::Display for KeyboardLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

type Keys = [&'static str; 2];

/// The character of the same key in another layout.
fn translate(from: Keys, to: Keys, c: char) -> Option<char> {
    from.iter().zip(to).find_map(|(from, to)| {
        let key = from.chars().position(|other| other == c)?;
        to.chars().nth(key)
    })
}

const US: Keys = [
    "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./",
    "~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?",
];
const GERMAN: Keys = [
    "^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.-",
    "°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_",
];
const SWISS: Keys = [
    "§1234567890'^qwertzuiopü¨$asdfghjklöäyxcvbnm,.-",
    "°+\"*ç%&/()=?`QWERTZUIOPè!£ASDFGHJKLéàYXCVBNM;:_",
];
const FRENCH: Keys = [
    "²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!",
    "~1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§",
];
const BELGIAN: Keys = [
    "²&é\"'(§è!çà)-azertyuiop^$µqsdfghjklmùwxcvbn,;:=",
    "³1234567890°_AZERTYUIOP¨*£QSDFGHJKLM%WXCVBN?./+",
];
const SPANISH: Keys = [
    "º1234567890'¡qwertyuiop`+çasdfghjklñ´zxcvbnm,.-",
    "ª!\"·$%&/()=?¿QWERTYUIOP^*ÇASDFGHJKLÑ¨ZXCVBNM;:_",
];
const ITALIAN: Keys = [
    "\\1234567890'ìqwertyuiopè+ùasdfghjklòàzxcvbnm,.-",
    "|!\"£$%&/()=?^QWERTYUIOPé*§ASDFGHJKLç°ZXCVBNM;:_",
];
const PORTUGUESE: Keys = [
    "\\1234567890'«qwertyuiop+´~asdfghjklçºzxcvbnm,.-",
    "|!\"#$%&/()=?»QWERTYUIOP*`^ASDFGHJKLÇªZXCVBNM;:_",
];
const BRITISH: Keys = [
    "`1234567890-=qwertyuiop[]#asdfghjkl;'zxcvbnm,./",
    "¬!\"£$%^&*()_+QWERTYUIOP{}~ASDFGHJKL:@ZXCVBNM<>?",
];
const SWEDISH: Keys = [
    "§1234567890+´qwertyuiopå¨'asdfghjklöäzxcvbnm,.-",
    "½!\"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLÖÄZXCVBNM;:_",
];
const DANISH: Keys = [
    "½1234567890+´qwertyuiopå¨'asdfghjklæøzxcvbnm,.-",
    "§!\"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLÆØZXCVBNM;:_",
];
const NORWEGIAN: Keys = [
    "|1234567890+\\qwertyuiopå¨'asdfghjkløæzxcvbnm,.-",
    "§!\"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLØÆZXCVBNM;:_",
];
const CZECH: Keys = [
    ";+ěščřžýáíé=´qwertzuiopú)¨asdfghjklů§yxcvbnm,.-",
    "°1234567890%ˇQWERTZUIOP/('ASDFGHJKL\"!YXCVBNM?:_",
];
const HUNGARIAN: Keys = [
    "0123456789öüóqwertzuiopőúűasdfghjkléáyxcvbnm,.-",
    "§'\"+!%/=()ÖÜÓQWERTZUIOPŐÚŰASDFGHJKLÉÁYXCVBNM?:_",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_has_47_keys_and_no_character_twice() {
        for layout in KeyboardLayout::ALL {
            let mut all: Vec<char> = layout.keys().concat().chars().collect();
            assert_eq!(layout.keys().map(|row| row.chars().count()), [47, 47], "{layout}");
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 94, "{layout}");
        }
    }

    #[test]
    fn what_is_typed_can_be_told_back() {
        assert_eq!(KeyboardLayout::German.typed("]d201/YZ"), "+d201-ZY");
        assert_eq!(KeyboardLayout::French.typed("]d20A"), "$dé".to_owned() + "àQ");
        for layout in KeyboardLayout::ALL {
            let text: String = US.concat();
            assert_eq!(layout.meant(&layout.typed(&text)), Some(text), "{layout}");
        }
    }
}
