namespace SchemaStream.Registry.Cluster.Tests;

/// <summary>Schemas that differ by what they are called.</summary>
internal static class Avro
{
    public static string Record(string name) =>
        $$"""{"type":"record","name":"{{name}}","fields":[{"name":"n","type":"int"}]}""";
}
