#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| partner_center::fuzz::answers(data));
