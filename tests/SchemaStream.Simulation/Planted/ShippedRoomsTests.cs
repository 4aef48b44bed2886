using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace SchemaStream.Simulation.Planted;

/// <summary>The switches are for this project alone.</summary>
public sealed class ShippedRoomsTests
{
    [Theory]
    [InlineData("SchemaStream.Broker.Raft")]
    [InlineData("SchemaStream.Broker.Metadata")]
    [InlineData("SchemaStream.Broker.Replication")]
    [InlineData("SchemaStream.Broker.Storage")]
    public void PlantedBug_OfWhatShips_IsAConstantAndFalse(string room)
    {
        using var file = new PEReader(File.OpenRead(AssemblyOf(room)));
        var metadata = file.GetMetadataReader();
        var switches = metadata.TypeDefinitions
            .Select(metadata.GetTypeDefinition)
            .Where(type => metadata.GetString(type.Name) == "PlantedBug")
            .SelectMany(type => type.GetFields())
            .Select(metadata.GetFieldDefinition)
            .ToList();

        switches.ShouldNotBeEmpty($"{room} has planted bugs, or this test has lost sight of them");
        foreach (var field in switches)
        {
            var name = metadata.GetString(field.Name);
            field.Attributes.HasFlag(FieldAttributes.Literal).ShouldBeTrue($"{room}: {name} can be turned on in what ships");
            var value = metadata.GetConstant(field.GetDefaultValue());
            metadata.GetBlobReader(value.Value).ReadBoolean().ShouldBeFalse($"{room}: {name} is on in what ships");
        }
    }

    private static string AssemblyOf(string room, [CallerFilePath] string thisFile = "")
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
        return Path.Combine(root, "broker", room, "bin", configuration, "net10.0", room + ".dll");
    }
}
