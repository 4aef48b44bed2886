namespace SchemaStream.Registry.Tests;

/// <summary>Schemas that the stories are told with.</summary>
internal static class Schemas
{
    public const string OrderPlaced =
        """{"type":"record","name":"OrderPlaced","namespace":"com.acme","fields":[{"name":"id","type":"string"}]}""";

    public const string OrderPlacedWithNote =
        """{"type":"record","name":"OrderPlaced","namespace":"com.acme","fields":[{"name":"id","type":"string"},{"name":"note","type":"string","default":""}]}""";

    public const string OrderPlacedWithTotal =
        """{"type":"record","name":"OrderPlaced","namespace":"com.acme","fields":[{"name":"id","type":"string"},{"name":"total","type":"long"}]}""";

    public const string OrderCancelled =
        """{"type":"record","name":"OrderCancelled","namespace":"com.acme","fields":[{"name":"id","type":"string"}]}""";

    public static string Record(string name, int fields = 1) =>
        $$"""{"type":"record","name":"{{name}}","fields":[{{string.Join(',', Enumerable.Range(0, fields).Select(i => $$"""{"name":"f{{i}}","type":"string","default":""}"""))}}]}""";
}
