using System.Reflection.Metadata;

namespace Architecture.Tests;

/// <summary>Calls that make a run depend on the clock, on chance or on a blocked thread, found in what the compiler wrote.</summary>
public sealed class BannedCallTests
{
    public static TheoryData<Project> Projects => [.. Solution.Projects];

    [Theory]
    [MemberData(nameof(Projects), DisableDiscoveryEnumeration = true)]
    public void Nothing_calls_what_is_banned(Project project) => Solution.ExpectNone(Banned(project.AssemblyName, project.Name));

    [Fact]
    public void Every_banned_call_is_found_where_there_is_one() =>
        Assert.Equal(
            [
                "System.Console.WriteLine",
                "System.DateTime.get_UtcNow",
                "System.GC.Collect",
                "System.Random..ctor()",
                "System.Threading.Tasks.Task.Wait",
                "System.Threading.Tasks.Task`1.get_Result",
                "System.Threading.Thread.Sleep",
            ],
            Banned(typeof(Offender).Assembly.GetName().Name!, "any")
        );

    [Fact]
    public void Nothing_blocks_on_an_awaiter()
    {
        // In metadata this looks like an await, so the sources are read.
        const string Blocking = ".GetAwaiter().GetResult()";
        Solution.ExpectNone(Solution.Files("src", "*.cs").Where(p => File.ReadAllText(p).Contains(Blocking, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Banned(string assembly, string project) =>
        Solution.Read(assembly, Calls).Where(c => IsBanned(c, project)).Distinct().Order(StringComparer.Ordinal);

    private static bool IsBanned(string call, string project) =>
        call switch
        {
            "System.DateTime.get_Now" or "System.DateTime.get_UtcNow" or "System.DateTime.get_Today" => true,
            "System.DateTimeOffset.get_Now" or "System.DateTimeOffset.get_UtcNow" => true,
            "System.Threading.Thread.Sleep" => true,
            "System.Threading.Tasks.Task.Wait" or "System.Threading.Tasks.Task.WaitAll" or "System.Threading.Tasks.Task.WaitAny" => true,
            "System.Threading.Tasks.Task`1.get_Result" or "System.Threading.Tasks.ValueTask`1.get_Result" => true,
            "System.Random..ctor()" or "System.Random.get_Shared" => true,
            "System.GC.Collect" => true,
            _ => project != Solution.Host && call.StartsWith("System.Console.", StringComparison.Ordinal),
        };

    /// <summary>Every member of another assembly that the code names; a parameterless constructor as <c>.ctor()</c>.</summary>
    private static string[] Calls(MetadataReader metadata) =>
        [
            .. metadata
                .MemberReferences.Select(metadata.GetMemberReference)
                .Select(member =>
                {
                    string name = metadata.GetString(member.Name);
                    bool parameterless =
                        member.GetKind() == MemberReferenceKind.Method && ParameterCount(metadata.GetBlobReader(member.Signature)) == 0;
                    return $"{TypeName(metadata, member.Parent)}.{name}{(name == ".ctor" && parameterless ? "()" : "")}";
                }),
        ];

    private static string TypeName(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)handle);
                return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
            case HandleKind.TypeSpecification:
                // ECMA-335 II.23.2.14: GENERICINST (CLASS | VALUETYPE) type …
                BlobReader blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                return blob.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance && blob.ReadCompressedInteger() > 0
                    ? TypeName(metadata, blob.ReadTypeHandle())
                    : "";
            default:
                return "";
        }
    }

    // ECMA-335 II.23.2.1: header, (generic parameter count,) parameter count …
    private static int ParameterCount(BlobReader signature)
    {
        if (signature.ReadSignatureHeader().IsGeneric)
        {
            signature.ReadCompressedInteger();
        }

        return signature.ReadCompressedInteger();
    }

    /// <summary>Does, for the detector's own test, what is banned.</summary>
    private static class Offender
    {
        public static int Offend(Task<int> task)
        {
            Thread.Sleep(new Random().Next());
            task.Wait();
            GC.Collect();
            Console.WriteLine(DateTime.UtcNow);
            return task.Result;
        }
    }
}
