using Xunit;

namespace TestSupport;

/// <summary>Tests that together take many minutes, such as those of failures of clusters, run where <c>ICPO_LONG_TESTS</c> is 1.</summary>
public static class LongTests
{
    /// <summary>True where long tests are asked for.</summary>
    public static bool AreOn => Environment.GetEnvironmentVariable("ICPO_LONG_TESTS") == "1";

    /// <summary>Skips the test where long tests are not asked for.</summary>
    public static void Require() => Assert.SkipUnless(AreOn, "This test takes long; set ICPO_LONG_TESTS=1 to run it.");
}
