#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| partner_center_test_server::fuzz::recording(data));
