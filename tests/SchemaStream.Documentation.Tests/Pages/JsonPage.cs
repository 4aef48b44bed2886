using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using SchemaStream.Json;
using SchemaStream.Json.Validation;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary>The code of docs/json.md.</summary>
public sealed partial class JsonPage(Shop shop) : IClassFixture<Shop>
{
    public enum Channel
    {
        Web,
        Shop,
    }

    public sealed record OrderLine(string Sku, int Quantity);

    [Description("A customer has ordered.")]
    public sealed record OrderPlaced(Guid Id, IReadOnlyList<OrderLine> Lines, string? Coupon, Channel Channel = Channel.Web);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(OrderPlaced))]
    private sealed partial class OrdersContext : JsonSerializerContext;

    private static readonly Topic<string, OrderPlaced> Orders = Topic.Json<string, OrderPlaced>("json-orders");

    [Fact]
    public async Task Record_IsSentAndRead()
    {
        await using var client = shop.Stack.CreateClient();
        await client.EnsureTopicAsync(Orders);
        await using var producer = await client.CreateProducerAsync(Orders);
        await producer.SendAsync("customer-7", new OrderPlaced(Guid.NewGuid(), [new OrderLine("sku-1", 2)], null));

        await using var consumer = await client.CreateConsumerAsync(Orders, "accounting");
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            record.Value.Lines.ShouldBe([new OrderLine("sku-1", 2)]);
            break;
        }

        (await client.Registry.GetContractAsync(Orders.Name))!.Value!.Describe().ShouldBe("JSON OrderPlaced");
    }

    [Fact]
    public async Task SourceGeneratedContext_IsGivenToTheClient()
    {
        var options = new SchemaStreamOptions
        {
            BootstrapServers = shop.Stack.BootstrapServers,
            RegistryUrl = shop.Stack.RegistryUrl,
            Formats =
            [
                new JsonSerializerProvider(new JsonFormatOptions
                {
                    SerializerOptions = OrdersContext.Default.Options,
                    Draft = JsonSchemaDraft.Draft202012,
                    Validation = JsonDataValidation.Writing,
                }),
            ],
        };

        await using var client = new SchemaStreamClient(options);
        await using var producer = await client.CreateProducerAsync(Topic.Json<string, OrderPlaced>("json-generated"));
        (await client.Registry.GetLatestAsync("json-generated-value"))!.Text.ShouldContain("2020-12");
    }

    [Fact]
    public void GivenSchema_IsWhatDataIsHeldAgainst()
    {
        var options = new JsonFormatOptions
        {
            Schemas = new Dictionary<Type, string>
            {
                [typeof(OrderLine)] = """
                    {"title": "OrderLine", "type": "object", "required": ["sku"],
                     "properties": {"sku": {"type": "string", "pattern": "^sku-"}, "quantity": {"minimum": 1}}}
                    """,
            },
        };

        var serializer = new JsonSchemaSerializer<OrderLine>(options);
        var misfit = Should.Throw<SchemaSerializationException>(
            () => serializer.Serialize(new OrderLine("sku-1", 0), default, new System.Buffers.ArrayBufferWriter<byte>()));

        misfit.Message.ShouldContain("/quantity is too small (#/properties/quantity/minimum)");
    }

    [Fact]
    public void Validator_CanBeUsedAlone()
    {
        var validator = new JsonSchemaValidator(JsonSchema.Parse("""{"type": "object", "required": ["id"]}"""));
        JsonViolation? violation = validator.Validate("{}"u8);
        Console.WriteLine(violation); // the value has no member 'id' (#/required)

        violation!.ToString().ShouldBe("the value has no member 'id' (#/required)");
        validator.Validate("""{"id": 1}"""u8).ShouldBeNull();
        JsonFormatOptions.DefaultSerializerOptions.PropertyNamingPolicy.ShouldBe(JsonNamingPolicy.CamelCase);
    }
}
