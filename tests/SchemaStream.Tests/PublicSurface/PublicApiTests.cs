using System.Reflection;
using SchemaStream.Hosting;
using SchemaStream.Json;
using SchemaStream.Protobuf;
using SchemaStream.Testing;

namespace SchemaStream.Tests.PublicSurface;

/// <summary>
/// What users can name is frozen in <c>PublicApi.txt</c> of each package. To change it knowingly, run this test with
/// <c>SCHEMASTREAM_APPROVE=1</c> in the environment and review the difference.
/// </summary>
public sealed class PublicApiTests
{
    public static TheoryData<Type> Packages =>
        [
            typeof(Topic), typeof(SchemaStreamClient), typeof(SchemaStreamTestHost), typeof(SchemaStreamServices),
            typeof(Avro.AvroRecord), typeof(JsonSchema), typeof(ProtoSchema), typeof(Registry.Client.RegistryClient),
        ];

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicApi_IsAsApproved(Type memberOfPackage)
    {
        var assembly = memberOfPackage.Assembly;
        var file = Path.Combine(Root(), "sdk", assembly.GetName().Name!, "PublicApi.txt");
        var actual = PublicApi.Describe(assembly);
        if (Environment.GetEnvironmentVariable("SCHEMASTREAM_APPROVE") == "1")
        {
            File.WriteAllText(file, actual);
        }

        actual.ShouldBe(File.ReadAllText(file));
    }

    private static string Root()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!;
        while (!File.Exists(Path.Combine(folder, "SchemaStream.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
