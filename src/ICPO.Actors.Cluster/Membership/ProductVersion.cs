namespace ICPO.Actors.Cluster.Membership;

/// <summary>The version of the product; the nodes of a cluster have the same.</summary>
internal static class ProductVersion
{
    public static string Current { get; } = typeof(ProductVersion).Assembly.GetName().Version!.ToString(3);
}
