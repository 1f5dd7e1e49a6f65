use crate::names::names;

names! {
    /// A Microsoft cloud in which Partner Center answers.
    ///
    /// Source: Learn, "Partner Center REST URLs" (2023-10).
    Cloud {
        /// The global cloud. Customers with the government *qualification* live here too.
        Global = "global",
        /// The US Government cloud: its own sign-in authority, the global API address. Microsoft
        /// lists qualifications as not available to partners of this cloud.
        UsGovernment = "us_government",
        /// The cloud operated by 21Vianet in China. Whether qualifications exist there is
        /// undocumented.
        China = "china",
    }
}

impl Cloud {
    /// The API's base URL, which is also the audience of its tokens.
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Global | Self::UsGovernment => "https://api.partnercenter.microsoft.com",
            Self::China => "https://partner.partnercenterapi.microsoftonline.cn",
        }
    }

    /// The address of the sign-in authority, without the tenant.
    ///
    /// Source: Learn, "National clouds" and "Partner Center authentication" (2023-10).
    pub const fn authority(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovernment => "https://login.microsoftonline.us",
            Self::China => "https://login.chinacloudapi.cn",
        }
    }
}
