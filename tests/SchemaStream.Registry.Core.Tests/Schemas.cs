namespace SchemaStream.Registry.Core.Tests;

/// <summary>Schemas that the stories are told with.</summary>
internal static class Schemas
{
    public static string Record(string name, params string[] fields) =>
        $$"""{"type":"record","name":"{{name}}","namespace":"com.acme","fields":[{{string.Join(',', fields)}}]}""";

    public static string Required(string name, string type = "string") => $$"""{"name":"{{name}}","type":"{{type}}"}""";

    public static string Optional(string name) => $$"""{"name":"{{name}}","type":"string","default":""}""";

    public static string OrderPlaced => Record("OrderPlaced", Required("id"));

    public static string OrderPlacedWithNote => Record("OrderPlaced", Required("id"), Optional("note"));

    public static string OrderPlacedWithTotal => Record("OrderPlaced", Required("id"), Required("total", "long"));

    public static string OrderCancelled => Record("OrderCancelled", Required("id"));
}
