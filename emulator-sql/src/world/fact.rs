//! What happened: the few numbers of an event from which every column of its row is made.

use super::random::Dice;

/// Which advertising product an ad belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Amazon DSP.
    Dsp,
    /// Sponsored ads.
    Sponsored,
}

/// One row of a data source before its columns are made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fact {
    /// The draws of this row.
    pub(crate) dice: Dice,
    /// When it happened: what the time window applies to.
    pub(crate) at: i64,
    /// Who; `None` when not addressable.
    pub(crate) user: Option<u64>,
    /// The ad concerned.
    pub(crate) ad: Option<Ad>,
    /// The conversion concerned.
    pub(crate) conversion: Option<Conversion>,
    /// Whether the row is about the click rather than the impression of the ad.
    pub(crate) click: bool,
    /// Which of several rows that one event gives.
    pub(crate) slot: u64,
}

impl Fact {
    /// Whether a deal with a publisher brought the ad: every fourth campaign of the DSP buys by deals.
    pub(crate) fn has_deal(&self) -> bool {
        self.ad.is_some_and(|ad| ad.channel == Channel::Dsp && ad.campaign % 4 == 3)
    }
}

/// An ad as it was shown once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ad {
    /// The product that served it.
    pub(crate) channel: Channel,
    /// Number of the campaign within its channel.
    pub(crate) campaign: u64,
    /// Number of the line item within the campaign.
    pub(crate) line_item: u64,
    /// Number of the creative within the campaign.
    pub(crate) creative: u64,
    /// When it was shown.
    pub(crate) at: i64,
    /// When it was clicked.
    pub(crate) clicked_at: Option<i64>,
    /// What identifies the showing in every table.
    pub(crate) id: u64,
}

/// What a shopper did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conversion {
    /// When.
    pub(crate) at: i64,
    /// What.
    pub(crate) act: Act,
    /// Number of the product concerned.
    pub(crate) product: u64,
    /// Whether the product is the one advertised rather than another of the brand.
    pub(crate) promoted: bool,
    /// Whether it is the shopper's first purchase of the brand in a year.
    pub(crate) new_to_brand: bool,
    /// Units bought.
    pub(crate) units: i64,
    /// What identifies it in every table.
    pub(crate) id: u64,
}

/// The kinds of conversion; recipes list values in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// A purchase.
    Order,
    /// A view of a product's page.
    DetailPageView,
    /// A product put into the cart.
    ShoppingCart,
    /// A search for the brand.
    SearchConversion,
    /// A view of a page of the brand's store.
    BrandStorePageView,
    /// A product put on a wish list.
    WishList,
    /// A product put on a baby registry.
    BabyRegistry,
    /// A product put on a wedding registry.
    WeddingRegistry,
    /// A review of a product.
    CustomerReview,
    /// An Alexa skill enabled.
    AlexaSkillEnable,
    /// A Subscribe & Save subscription.
    SnsSubscription,
    /// A pixel's page view.
    PixelView,
    /// A pixel's sign-up.
    PixelSignUp,
    /// A pixel's purchase.
    PixelPurchase,
}

impl Act {
    /// What a throw of 0 to 99 stands for.
    pub(crate) fn of_throw(throw: u64) -> Self {
        const SHARES: [(u64, Act); 14] = [
            (30, Act::Order),
            (56, Act::DetailPageView),
            (67, Act::ShoppingCart),
            (75, Act::SearchConversion),
            (80, Act::BrandStorePageView),
            (83, Act::WishList),
            (85, Act::BabyRegistry),
            (86, Act::WeddingRegistry),
            (88, Act::CustomerReview),
            (89, Act::AlexaSkillEnable),
            (93, Act::SnsSubscription),
            (96, Act::PixelView),
            (98, Act::PixelSignUp),
            (100, Act::PixelPurchase),
        ];
        SHARES.iter().find(|(until, _)| throw < *until).map_or(Self::Order, |(_, act)| *act)
    }

    /// Whether something was bought on Amazon.
    pub(crate) fn is_purchase(self) -> bool {
        matches!(self, Self::Order | Self::SnsSubscription)
    }

    /// Whether a pixel or an uploaded event reported it.
    pub(crate) fn is_off_amazon(self) -> bool {
        matches!(self, Self::PixelView | Self::PixelSignUp | Self::PixelPurchase)
    }
}
