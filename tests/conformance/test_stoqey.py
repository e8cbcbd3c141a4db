"""What jest reports is told by test, those that never ran too."""

from tests.conformance.stoqey import lines, reason


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
            {"name": "/a/order.test.js", "assertionResults": [failed, passed]},
            {"name": "/a/x.test.js", "assertionResults": [], "message": "no module"},
        ],
    }
    assert list(lines([outcome])) == [
        "failed   order.test.js: Orders placed: Error: 200",
        "not run  x.test.js: no module",
        "1 of 2 pass",
    ]


def test_a_process_that_died_is_named_by_its_last_error() -> None:
    said = "throw err;\n[JestAssertionError: expect(received)\n\nNode.js v20"
    assert reason(said) == "[JestAssertionError: expect(received)"
