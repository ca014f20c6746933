namespace ICPO.Actors.Cluster.Membership;

/// <summary>The version of the product; all nodes of a cluster must have the same version.</summary>
internal static class ProductVersion
{
    public static string Current { get; } = typeof(ProductVersion).Assembly.GetName().Version!.ToString(3);
}
