"""The parts of the pytest plugin, which `ddbmock.pytest_plugin` registers.

    fixtures, aio     what tests request
    naming            where fixtures are from
    mocks             the mocks behind them, under names that no project uses
    marker            the tables, items and options that a test requests of its mock
    collecting        which tests get a mock without requesting it
    guarding          calls outside of mocks are refused; `environment`: dummy credentials
    leaks             mocks that a test leaves active
    chaos             tests that run under several seeds, with failures of production
    required          faults that a test requires, and that never happened
    tracebacks        those of misuse end in the test
    run_mock, target  one mock for the run; mocks that a real engine answers
    reporting         the failure section, the terminal summary, the HTML page

pytest loads this folder in every run, so at first it imports next to nothing: what is heavy is
imported where it is used, for the first time in the first test that has a mock.
"""
