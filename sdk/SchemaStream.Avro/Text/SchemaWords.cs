namespace SchemaStream.Avro.Text;

/// <summary>The attributes that Avro defines, per kind of schema: all others are properties and kept.</summary>
internal static class SchemaWords
{
    public static readonly string[] OfSchema = ["type"];
    public static readonly string[] OfArray = ["type", "items"];
    public static readonly string[] OfMap = ["type", "values"];
    public static readonly string[] OfRecord = ["type", "name", "namespace", "doc", "aliases", "fields"];
    public static readonly string[] OfEnum = ["type", "name", "namespace", "doc", "aliases", "symbols", "default"];
    public static readonly string[] OfFixed = ["type", "name", "namespace", "doc", "aliases", "size"];
    public static readonly string[] OfField = ["name", "type", "doc", "default", "order", "aliases"];
}
