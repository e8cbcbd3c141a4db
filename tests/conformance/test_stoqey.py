"""What jest reports is told by test, those that never ran too."""

from tests.conformance.stoqey import lines


def test_each_failure_is_named_and_the_rest_is_counted() -> None:
    failed = {
        "status": "failed",
        "fullName": "Orders placed",
        "failureMessages": ["\n  Error: 200\n  at somewhere"],
    }
    passed = {"status": "passed", "fullName": "Orders", "failureMessages": []}
    outcome = {
        "numPassedTests": 1,
        "numTotalTests": 2,
        "testResults": [
            {"name": "/a/order.test.ts", "assertionResults": [failed, passed]},
            {"name": "/a/x.test.ts", "assertionResults": [], "message": "no module"},
        ],
    }
    assert list(lines(outcome)) == [
        "failed   order.test.ts: Orders placed: Error: 200",
        "not run  x.test.ts: no module",
        "1 of 2 pass",
    ]
