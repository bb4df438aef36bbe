//! AIs 30 to 3955: counts, measures, amounts and prices.

use crate::ai::format::{AiEntry, Part, Parts, Rule, fixed, variable};

const MONEY: Parts = &[Part::n(3).with(&[Rule::Currency]), Part::n_up_to(15)];
const N6: Parts = &[Part::n(6)];
const N_15: Parts = &[Part::n_up_to(15)];
const N_8: Parts = &[Part::n_up_to(8)];

/// AIs that start with 3.
pub(super) static AIS_3: &[AiEntry] = &[
    variable("30", N_8, "VAR. COUNT").needs_one("01 02"),
    fixed("3100", N6, "NET WEIGHT (kg)").up_to("3105").needs_one("01 02").excludes("310n"),
    fixed("3110", N6, "LENGTH (m)").up_to("3115").needs_one("01 02").excludes("311n"),
    fixed("3120", N6, "WIDTH (m)").up_to("3125").needs_one("01 02").excludes("312n"),
    fixed("3130", N6, "HEIGHT (m)").up_to("3135").needs_one("01 02").excludes("313n"),
    fixed("3140", N6, "AREA (m²)").up_to("3145").needs_one("01 02").excludes("314n"),
    fixed("3150", N6, "NET VOLUME (l)").up_to("3155").needs_one("01 02").excludes("315n"),
    fixed("3160", N6, "NET VOLUME (m³)").up_to("3165").needs_one("01 02").excludes("316n"),
    fixed("3200", N6, "NET WEIGHT (lb)").up_to("3205").needs_one("01 02").excludes("320n"),
    fixed("3210", N6, "LENGTH (in)").up_to("3215").needs_one("01 02").excludes("321n"),
    fixed("3220", N6, "LENGTH (ft)").up_to("3225").needs_one("01 02").excludes("322n"),
    fixed("3230", N6, "LENGTH (yd)").up_to("3235").needs_one("01 02").excludes("323n"),
    fixed("3240", N6, "WIDTH (in)").up_to("3245").needs_one("01 02").excludes("324n"),
    fixed("3250", N6, "WIDTH (ft)").up_to("3255").needs_one("01 02").excludes("325n"),
    fixed("3260", N6, "WIDTH (yd)").up_to("3265").needs_one("01 02").excludes("326n"),
    fixed("3270", N6, "HEIGHT (in)").up_to("3275").needs_one("01 02").excludes("327n"),
    fixed("3280", N6, "HEIGHT (ft)").up_to("3285").needs_one("01 02").excludes("328n"),
    fixed("3290", N6, "HEIGHT (yd)").up_to("3295").needs_one("01 02").excludes("329n"),
    fixed("3300", N6, "GROSS WEIGHT (kg)").up_to("3305").needs_one("00 01").excludes("330n"),
    fixed("3310", N6, "LENGTH (m), log").up_to("3315").needs_one("00 01").excludes("331n"),
    fixed("3320", N6, "WIDTH (m), log").up_to("3325").needs_one("00 01").excludes("332n"),
    fixed("3330", N6, "HEIGHT (m), log").up_to("3335").needs_one("00 01").excludes("333n"),
    fixed("3340", N6, "AREA (m²), log").up_to("3345").needs_one("00 01").excludes("334n"),
    fixed("3350", N6, "VOLUME (l), log").up_to("3355").needs_one("00 01").excludes("335n"),
    fixed("3360", N6, "VOLUME (m³), log").up_to("3365").needs_one("00 01").excludes("336n"),
    fixed("3370", N6, "KG PER m²").up_to("3375").needs_one("01").excludes("337n"),
    fixed("3400", N6, "GROSS WEIGHT (lb)").up_to("3405").needs_one("00 01").excludes("340n"),
    fixed("3410", N6, "LENGTH (in), log").up_to("3415").needs_one("00 01").excludes("341n"),
    fixed("3420", N6, "LENGTH (ft), log").up_to("3425").needs_one("00 01").excludes("342n"),
    fixed("3430", N6, "LENGTH (yd), log").up_to("3435").needs_one("00 01").excludes("343n"),
    fixed("3440", N6, "WIDTH (in), log").up_to("3445").needs_one("00 01").excludes("344n"),
    fixed("3450", N6, "WIDTH (ft), log").up_to("3455").needs_one("00 01").excludes("345n"),
    fixed("3460", N6, "WIDTH (yd), log").up_to("3465").needs_one("00 01").excludes("346n"),
    fixed("3470", N6, "HEIGHT (in), log").up_to("3475").needs_one("00 01").excludes("347n"),
    fixed("3480", N6, "HEIGHT (ft), log").up_to("3485").needs_one("00 01").excludes("348n"),
    fixed("3490", N6, "HEIGHT (yd), log").up_to("3495").needs_one("00 01").excludes("349n"),
    fixed("3500", N6, "AREA (in²)").up_to("3505").needs_one("01 02").excludes("350n"),
    fixed("3510", N6, "AREA (ft²)").up_to("3515").needs_one("01 02").excludes("351n"),
    fixed("3520", N6, "AREA (yd²)").up_to("3525").needs_one("01 02").excludes("352n"),
    fixed("3530", N6, "AREA (in²), log").up_to("3535").needs_one("00 01").excludes("353n"),
    fixed("3540", N6, "AREA (ft²), log").up_to("3545").needs_one("00 01").excludes("354n"),
    fixed("3550", N6, "AREA (yd²), log").up_to("3555").needs_one("00 01").excludes("355n"),
    fixed("3560", N6, "NET WEIGHT (tr oz)").up_to("3565").needs_one("01 02").excludes("356n"),
    fixed("3570", N6, "NET VOLUME (oz)").up_to("3575").needs_one("01 02").excludes("357n"),
    fixed("3600", N6, "NET VOLUME (qt (US))").up_to("3605").needs_one("01 02").excludes("360n"),
    fixed("3610", N6, "NET VOLUME (gal.)").up_to("3615").needs_one("01 02").excludes("361n"),
    fixed("3620", N6, "VOLUME (qt (US)), log").up_to("3625").needs_one("00 01").excludes("362n"),
    fixed("3630", N6, "VOLUME (gal (US)), log").up_to("3635").needs_one("00 01").excludes("363n"),
    fixed("3640", N6, "NET VOLUME (in³)").up_to("3645").needs_one("01 02").excludes("364n"),
    fixed("3650", N6, "NET VOLUME (ft³)").up_to("3655").needs_one("01 02").excludes("365n"),
    fixed("3660", N6, "NET VOLUME (yd³)").up_to("3665").needs_one("01 02").excludes("366n"),
    fixed("3670", N6, "VOLUME (in³), log").up_to("3675").needs_one("00 01").excludes("367n"),
    fixed("3680", N6, "VOLUME (ft³), log").up_to("3685").needs_one("00 01").excludes("368n"),
    fixed("3690", N6, "VOLUME (yd³), log").up_to("3695").needs_one("00 01").excludes("369n"),
    variable("37", N_8, "COUNT").needs_one("00+02 00+8026"),
    variable("3900", N_15, "AMOUNT")
        .up_to("3909")
        .needs_one("255 8020")
        .excludes("390n 391n 394n 8111"),
    variable("3910", MONEY, "AMOUNT").up_to("3919").needs_one("8020").excludes("391n"),
    variable("3920", N_15, "PRICE")
        .up_to("3929")
        .needs_one("01+30 01+31nn 01+32nn 01+35nn 01+36nn")
        .excludes("392n 393n"),
    variable("3930", MONEY, "PRICE")
        .up_to("3939")
        .needs_one("30 31nn 32nn 35nn 36nn")
        .excludes("393n"),
    variable("3940", &[Part::n(4)], "PRCNT OFF")
        .up_to("3943")
        .needs_one("255")
        .excludes("394n 8111"),
    variable("3950", N6, "PRICE/UoM")
        .up_to("3955")
        .needs_one("30 31nn 32nn 35nn 36nn")
        .excludes("392n 393n 395n 8005"),
];
