//! The audit log.

use super::{Basis, Behaviour, OWN_CHOICE, behaviour};
use Basis::{Assumed, Documented, Observed};

const RECORDS_PAGE: &str = "Learn: Get a record of Partner Center activity (2023-10)";
const RESOURCES_PAGE: &str =
    "Learn: Auditing resources that help you get a record of Partner Center activity (2023-10)";

pub(super) const TABLE: &[Behaviour] = &[
    behaviour(
        Documented,
        "GET /v1/auditrecords answers either kind of token with an envelope of `totalCount`, `items`, `links` and `attributes`",
        RECORDS_PAGE,
    ),
    behaviour(
        Documented,
        "a qualification's record has `operationType` update_customer_qualification and `operationStatus` succeeded or failed",
        RESOURCES_PAGE,
    ),
    behaviour(
        Observed,
        "it has `originalCorrelationId`, and its `id` is made of the partner, the customer, the operation and .NET ticks",
        "the example of Learn: API throttling guidance for partners (2023-10)",
    ),
    behaviour(
        Assumed,
        "`resourceType` is customer, `resourceNewValue` the text of an object with the one member `Qualification`, and `customizedData` is empty",
        "the examples show other operations",
    ),
    behaviour(
        Assumed,
        "there is a record of each change, by PUT or POST, and of each write that the rules of qualifications refused; none of one that changes nothing, of other refusals, and of Microsoft's decisions",
        OWN_CHOICE,
    ),
    behaviour(
        Assumed,
        "a change that is applied late is recorded when it is applied; `progress` is not used",
        OWN_CHOICE,
    )
    .switched_by(&["late_ms"]),
    behaviour(
        Assumed,
        "a record can be read at once",
        "nobody says how long it takes",
    )
    .switched_by(&["read_lag_ms"]),
    behaviour(
        Documented,
        "`startDate` and `endDate` are of the form yyyy-mm-dd; without a start, the last 30 days; 400 for one that is more than 90 days ago",
        RECORDS_PAGE,
    ),
    behaviour(
        Assumed,
        "the last day belongs to the answer; a time after T is taken as far as it goes, always as UTC; 400 with code 800002 for another form",
        OWN_CHOICE,
    ),
    behaviour(
        Observed,
        "the newest record is the first",
        "the examples of both pages",
    ),
    behaviour(
        Assumed,
        "`size` and the next link are those of the customers",
        "the page shows a self link with a `size`; the SDK walks through pages",
    ),
    behaviour(
        Documented,
        "`filter` takes CustomerId equals, CompanyName substring and ResourceType equals",
        RECORDS_PAGE,
    ),
];
