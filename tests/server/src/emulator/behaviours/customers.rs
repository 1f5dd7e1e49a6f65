//! Customers and validation codes.

use super::{Basis, Behaviour, OWN_CHOICE, behaviour};
use Basis::{Assumed, Documented, Observed};

const LIST_PAGE: &str = "Learn: Get a list of customers (2023-10)";
const FILTER_PAGE: &str = "Learn: Get a list of customers filtered by a search field (2023-10)";
const CUSTOMER_PAGE: &str = "Learn: Get a customer by ID (2023-10)";
const CODES_PAGE: &str = "Learn: Get a partner's validation codes (2023-10)";
const DOTNET_SDK: &str = "microsoft/partner-center-sdk-for-dotNET";

pub(super) const TABLE: &[Behaviour] = &[
    behaviour(
        Documented,
        "the list is an envelope of `totalCount`, `items`, `links` and `attributes`; an item of it lacks what only the single customer has",
        LIST_PAGE,
    ),
    behaviour(
        Observed,
        "`totalCount` counts the items of the page",
        DOTNET_SDK,
    ),
    behaviour(Documented, "`size` is the most items of a page", LIST_PAGE),
    behaviour(Observed, "`size=0` is all", DOTNET_SDK),
    behaviour(
        Assumed,
        "no `size` is all too, and there is no upper limit",
        OWN_CHOICE,
    ),
    behaviour(
        Documented,
        "`filter` is JSON with Field CompanyName, Operator starts_with and a Value whose case does not count",
        FILTER_PAGE,
    ),
    behaviour(
        Observed,
        "400 with code 2000 for another operator",
        "a unit test of microsoft/partner-center-sdk-for-dotNET",
    ),
    behaviour(
        Assumed,
        "so for `equals`, which that test allows, for another field, and for a filter that lacks a member; case and underscores of field and operator do not count",
        OWN_CHOICE,
    ),
    behaviour(
        Documented,
        "`links.next` carries the header MS-ContinuationToken, and its URI has `size` and `seekOperation=Next`",
        "Learn: Get invoice line items (2023-10); the pages on customers show no second page",
    ),
    behaviour(
        Observed,
        "the token is also the top-level member `continuationToken`",
        DOTNET_SDK,
    ),
    behaviour(
        Observed,
        "the token says which page it is; `size` and `filter` need not be repeated",
        "the SDK sends `seekOperation=Next` and the header only",
    ),
    behaviour(
        Assumed,
        "links have no version in front, but the next link of every second page has `/v1`",
        "the documents show both styles, in different places",
    ),
    behaviour(
        Assumed,
        "the last page has neither a next link nor a token; no page but the only one is empty",
        OWN_CHOICE,
    ),
    behaviour(
        Assumed,
        "404 with code 1000 for a token that this emulator did not give out; 400 without a token, and for other seek operations",
        OWN_CHOICE,
    ),
    behaviour(
        Assumed,
        "a token without `seekOperation` is ignored: the list begins anew",
        OWN_CHOICE,
    ),
    behaviour(
        Documented,
        "the single customer adds `commerceId`, `allowDelegatedAccess`, `customDomains` and the profile's `email`, as a partner with the GDAP role sees it",
        CUSTOMER_PAGE,
    ),
    behaviour(
        Assumed,
        "`customDomains` lacks the default domain; an `address` has the country alone, and is there only if a seed names one; every customer is a reseller's",
        OWN_CHOICE,
    ),
    behaviour(
        Documented,
        "validation codes are a bare array of `partnerId`, `organizationName`, `validationId` (a string), `maxCreates`, `remainingCreates` and `eTag`",
        CODES_PAGE,
    ),
    behaviour(
        Assumed,
        "`partnerId` is the partner's tenant, and the ETag changes when the code is spent",
        OWN_CHOICE,
    ),
];
