namespace EndToEnd.Tests;

/// <summary>Tests that together take many minutes, such as those of failures of clusters, run where <c>ICPO_LONG_TESTS</c> is 1.</summary>
internal static class LongTests
{
    /// <summary>Skips the test where long tests are not asked for.</summary>
    public static void Require() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("ICPO_LONG_TESTS") == "1",
            "This test takes long; set ICPO_LONG_TESTS=1 to run it."
        );
}
