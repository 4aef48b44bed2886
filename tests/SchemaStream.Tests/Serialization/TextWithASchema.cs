using System.Buffers;
using System.Text;

namespace SchemaStream.Tests.Serialization;

/// <summary>A format of a test's own: text that claims to have a schema.</summary>
internal sealed class TextWithASchema : ISchemaSerializer<string>
{
    public SchemaFormat Format => SchemaFormat.Json;

    public string SchemaText => """{"type":"string"}""";

    public string? TypeName => null;

    public void Serialize(string value, in SerializationContext context, IBufferWriter<byte> output) =>
        output.Advance(Encoding.UTF8.GetBytes(value, output.GetSpan(value.Length * 3)));
}
