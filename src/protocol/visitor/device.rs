//! Which device a reader wants to set up, and which one the page is being read on.

/// What can be chosen on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// iPhone, iPad and Mac.
    Apple,
    Android,
    Outlook,
    Thunderbird,
    /// Whatever takes settings by hand.
    Other,
}

/// The parameter of the choice.
pub const DEVICE: &str = "device";

impl Device {
    /// In the order of the page.
    pub const ALL: [Device; 5] =
        [Device::Apple, Device::Android, Device::Outlook, Device::Thunderbird, Device::Other];

    /// The value of the parameter.
    pub fn name(self) -> &'static str {
        match self {
            Device::Apple => "apple",
            Device::Android => "android",
            Device::Outlook => "outlook",
            Device::Thunderbird => "thunderbird",
            Device::Other => "other",
        }
    }

    /// The device of a value of the parameter.
    pub fn named(name: &str) -> Option<Device> {
        Device::ALL.into_iter().find(|device| device.name() == name)
    }
}

/// What a `User-Agent` says of the device that the page is read on; browsers say too much else in it to be believed more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// iPhone, and iPad when it asks for the pages of telephones.
    IPhone,
    Android,
    /// Mac, and iPad as Apple delivers it: it calls itself a Mac since iPadOS 13.
    Mac,
    Windows,
    Linux,
    Other,
}

impl Screen {
    pub fn of(user_agent: &str) -> Screen {
        let has = |word| user_agent.contains(word);
        match () {
            // Windows Phone names the other two.
            () if has("Windows") => Screen::Windows,
            () if has("iPhone") || has("iPad") || has("iPod") => Screen::IPhone,
            () if has("Android") => Screen::Android,
            () if has("Macintosh") => Screen::Mac,
            () if has("CrOS") => Screen::Other,
            () if has("Linux") || has("X11") => Screen::Linux,
            () => Screen::Other,
        }
    }

    /// Whether the camera that would scan a code is in the device that shows it.
    pub fn is_handheld(self) -> bool {
        matches!(self, Screen::IPhone | Screen::Android)
    }

    /// What somebody who reads there most likely wants to set up.
    pub fn likely(self) -> Device {
        match self {
            Screen::IPhone | Screen::Mac => Device::Apple,
            Screen::Android => Device::Android,
            Screen::Windows => Device::Outlook,
            Screen::Linux => Device::Thunderbird,
            Screen::Other => Device::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the browsers of 2025 send it.
    #[test]
    fn the_user_agent_names_the_screen() {
        for (user_agent, screen) in [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                Screen::IPhone,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0 Mobile/15E148 Safari/604.1",
                Screen::IPhone,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                Screen::Mac,
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
                Screen::Android,
            ),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
                Screen::Android,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
                Screen::Windows,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                Screen::Linux,
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
                Screen::Other,
            ),
            ("curl/8.5.0", Screen::Other),
            ("", Screen::Other),
        ] {
            assert_eq!(Screen::of(user_agent), screen, "{user_agent}");
        }
    }
}
