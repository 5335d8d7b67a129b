"""A pytest plugin: `--durations` tells how long a test took, also where the test, or its class, freezes the time."""
import freezegun

freezegun.configure(extend_ignore_list=['_pytest.timing'])
