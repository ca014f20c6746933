namespace EndToEnd.Tests.Clusters;

/// <summary>Tests of failures of clusters take minutes in all, so they run where <c>ICPO_CLUSTER</c> is 1.</summary>
internal static class LongClusterTests
{
    /// <summary>Skips the test where they are not asked for.</summary>
    public static void Require() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("ICPO_CLUSTER") == "1",
            "Failures of clusters take minutes; set ICPO_CLUSTER=1 to run this test."
        );
}
