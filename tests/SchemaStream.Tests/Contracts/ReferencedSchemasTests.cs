using System.Buffers;
using System.Text;

namespace SchemaStream.Tests.Contracts;

/// <summary>What a serializer's schema refers to is registered before it, the innermost first.</summary>
public sealed class ReferencedSchemasTests
{
    private static readonly Topic<string, Uri> Orders = Topic.Json<string, Uri>("orders");

    [Fact]
    public async Task References_AreRegisteredFirst_EachOnce()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.ClientWithFormat(new Referring());

        await using var producer = await client.CreateProducerAsync(Orders);

        var schema = (await client.Registry.GetLatestAsync("orders-value")).ShouldNotBeNull();
        schema.References.ShouldBe(
            [new SchemaReference("left.json", "left", 1), new SchemaReference("right.json", "right", 1)]);
        (await client.Registry.GetLatestAsync("left"))!.References.ShouldBe([new SchemaReference("base.json", "base", 1)]);
        (await client.Registry.GetReferencesAsync(schema)).Select(reference => reference.Subject).ShouldBe(["base", "left", "right"]);
        (await client.Registry.ListVersionsAsync("base")).ShouldBe([1], "two refer to it, and it is one");
    }

    [Fact]
    public async Task ProgramThatMayNotRegister_NeedsTheReferencesToBeThere()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var strict = servers.ClientWithFormat(new Referring(), UnknownSchema.Reject);
        (await Should.ThrowAsync<SchemaSerializationException>(() => strict.CreateProducerAsync(Orders)))
            .Message.ShouldContain("Subject 'base' does not hold the schema of base.json");

        await using var deployment = servers.ClientWithFormat(new Referring());
        await using var registers = await deployment.CreateProducerAsync(Orders);

        await using var later = servers.ClientWithFormat(new Referring(), UnknownSchema.Reject);
        await using var producer = await later.CreateProducerAsync(Orders);
    }

    /// <summary>A format whose schema refers to two, which refer to the same third.</summary>
    private sealed class Referring : ISchemaSerializerProvider, ISchemaSerializer<Uri>
    {
        public SchemaFormat Format => SchemaFormat.Json;

        public string SchemaText => """{"title": "Order", "properties": {"l": {"$ref": "left.json"}, "r": {"$ref": "right.json"}}}""";

        public string? TypeName => "Order";

        public IReadOnlyList<ReferencedSchema> References
        {
            get
            {
                var shared = new ReferencedSchema("base.json", "base", """{"type": "string"}""", []);
                return
                [
                    new ReferencedSchema("left.json", "left", """{"minLength": 1, "allOf": [{"$ref": "base.json"}]}""", [shared]),
                    new ReferencedSchema("right.json", "right", """{"minLength": 2, "allOf": [{"$ref": "base.json"}]}""", [shared]),
                ];
            }
        }

        public ISchemaSerializer<T> CreateSerializer<T>() => (ISchemaSerializer<T>)(object)this;

        public ISchemaDeserializer<T> CreateDeserializer<T>(RegisteredSchema writer, IReadOnlyList<RegisteredSchema> references) =>
            throw new SchemaSerializationException("this format is written alone");

        public string? TypeNameOf(RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references) => TypeName;

        public void Serialize(Uri value, in SerializationContext context, IBufferWriter<byte> output) =>
            Encoding.UTF8.GetBytes($"\"{value}\"", output);
    }
}
