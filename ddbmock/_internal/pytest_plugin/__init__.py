"""The parts of the pytest plugin, which `ddbmock.pytest_plugin` registers.

    fixtures, aio     what tests request
    naming            the module of fixtures in `pytest --fixtures`
    mocks             the mocks behind the fixtures, under names that no project uses
    marker            the tables, items and options that a test requests of its mock
    collecting        tests that get a mock without requesting a fixture
    guarding          refusal of calls outside of mocks; `environment`: dummy credentials
    leaks             mocks that a test leaves active
    chaos             tests that run under several seeds, with failures of production
    required          faults that a test requires, and that never happened
    tracebacks        shortened tracebacks of misuse
    run_mock, target  one mock for the run; mocks that a real engine answers
    reporting         the failure section, the terminal summary, the HTML page

pytest loads this folder in every run, so it imports very little at first: expensive modules are
imported when they are used, in the first test that has a mock.
"""
