/// A Microsoft cloud in which Partner Center answers.
///
/// Source: Learn, "Partner Center REST URLs" (2023-10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The global cloud. Customers with the government *qualification* live here too.
    #[default]
    Global,
    /// The US Government cloud: its own sign-in authority, the global API address. Microsoft lists
    /// qualifications as not available to partners of this cloud.
    UsGovernment,
    /// The cloud operated by 21Vianet in China. Whether qualifications exist there is undocumented.
    China,
}

impl Cloud {
    /// Every cloud, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Global, Self::UsGovernment, Self::China];

    /// The name used in every language: `global`, `us_government`, `china`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovernment => "us_government",
            Self::China => "china",
        }
    }

    /// The API's base URL, which is also the audience of its tokens.
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Global | Self::UsGovernment => "https://api.partnercenter.microsoft.com",
            Self::China => "https://partner.partnercenterapi.microsoftonline.cn",
        }
    }
}
