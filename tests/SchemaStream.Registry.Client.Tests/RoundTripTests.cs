using Microsoft.Extensions.Logging.Abstractions;

namespace SchemaStream.Registry.Client.Tests;

/// <summary>The client against our own registry, over real HTTP.</summary>
public sealed class RoundTripTests : IAsyncLifetime, IDisposable
{
    private const string OrderPlaced =
        """{"type":"record","name":"OrderPlaced","namespace":"com.acme","fields":[{"name":"id","type":"string"}]}""";

    private const string OrderPlacedWithTotal =
        """{"type":"record","name":"OrderPlaced","namespace":"com.acme","fields":[{"name":"id","type":"string"},{"name":"total","type":"long"}]}""";

    private const string OrderCancelled =
        """{"type":"record","name":"OrderCancelled","namespace":"com.acme","fields":[{"name":"id","type":"string"}]}""";

    private readonly string _directory = Directory.CreateTempSubdirectory("registry-client-").FullName;
    private RegistryHost _host = null!;
    private RegistryClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await RegistryHost.StartAsync(
            new RegistryOptions { DataDirectory = _directory, Port = 0 }, NullLoggerFactory.Instance);
        _client = new RegistryClient(_host.BaseAddress);
    }

    public void Dispose() => _client.Dispose();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Schemas_RegisteredReadAndFound_AreTheSame()
    {
        var registered = await _client.RegisterAsync("orders-value", Avro(OrderPlaced));

        (registered.Id, registered.Version, registered.Text).ShouldBe((1, 1, OrderPlaced));
        (await _client.GetSchemaAsync(1)).Text.ShouldBe(OrderPlaced);
        (await _client.FindSchemaAsync("orders-value", Avro(OrderPlaced)))!.Version.ShouldBe(1);
        (await _client.FindSchemaAsync("orders-value", Avro(OrderCancelled))).ShouldBeNull();
        (await _client.GetLatestAsync("orders-value"))!.Id.ShouldBe(1);
        (await _client.GetLatestAsync("none")).ShouldBeNull();
        (await _client.GetVersionAsync("orders-value", 2)).ShouldBeNull();
        (await _client.ListSubjectsAsync()).ShouldBe(["orders-value"]);
        (await _client.ListVersionsAsync("orders-value")).ShouldBe([1]);
        (await _client.ListVersionsAsync("none")).ShouldBeEmpty();
        (await Should.ThrowAsync<RegistryException>(async () => await _client.GetSchemaAsync(99))).ErrorCode
            .ShouldBe(RegistryErrorCodes.SchemaNotFound);
    }

    [Fact]
    public async Task References_AreGivenInTheOrderTheyAreNeeded()
    {
        await _client.RegisterAsync("money", Avro("""{"type":"record","name":"Money","fields":[{"name":"amount","type":"long"}]}"""));
        await _client.RegisterAsync("line", new SchemaDefinition(
            SchemaFormat.Avro,
            """{"type":"record","name":"Line","fields":[{"name":"price","type":"Money"}]}""",
            [new SchemaReference("Money", "money", -1)]));
        var order = await _client.RegisterAsync("order", new SchemaDefinition(
            SchemaFormat.Avro,
            """{"type":"record","name":"Order","fields":[{"name":"line","type":"Line"},{"name":"total","type":"Money"}]}""",
            [new SchemaReference("Line", "line", -1), new SchemaReference("Money", "money", -1)]));

        var references = await _client.GetReferencesAsync(await _client.GetSchemaAsync(order.Id));

        references.Select(reference => reference.Subject).ShouldBe(["money", "line"]);
        order.References.Select(reference => reference.Version).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task Compatibility_IsAskedAndSet()
    {
        await _client.RegisterAsync("orders-value", Avro(OrderPlaced));

        var verdict = await _client.CheckCompatibilityAsync("orders-value", Avro(OrderPlacedWithTotal));

        verdict.IsCompatible.ShouldBeFalse();
        verdict.Messages[0].ShouldContain("READER_FIELD_MISSING_DEFAULT_VALUE");
        (await _client.GetCompatibilityAsync(null)).ShouldBe(CompatibilityLevel.Backward);
        await _client.SetCompatibilityAsync("orders-value", CompatibilityLevel.ForwardTransitive);
        (await _client.GetCompatibilityAsync("orders-value")).ShouldBe(CompatibilityLevel.ForwardTransitive);
        (await _client.CheckCompatibilityAsync("orders-value", Avro(OrderPlacedWithTotal))).IsCompatible.ShouldBeTrue();
    }

    [Fact]
    public async Task Contracts_AreBoundReadAndHeld()
    {
        (await _client.OffersContractsAsync()).ShouldBeTrue();
        (await _client.GetContractAsync("orders")).ShouldBeNull();
        var stated = new TopicContract(
            "orders",
            new SlotContract(SchemaFormat.String),
            new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced", "orders-value"));

        var bound = (await _client.PutContractAsync(stated))!;

        bound.Key.ShouldBe(new SlotContract(SchemaFormat.String, Evolution: EvolutionPolicy.Frozen));
        bound.Value.ShouldBe(stated.Value! with { Evolution = EvolutionPolicy.Compatible });
        bound.Binding.ShouldBe(ContractBinding.Explicit);
        bound.Since.ShouldNotBeNull();
        (await _client.GetContractAsync("orders")).ShouldBe(bound);
        (await _client.PutContractAsync(stated)).ShouldBe(bound);
        (await _client.ListContractsAsync()).ShouldBe([bound]);
        var refusal = await Should.ThrowAsync<RegistryException>(
            async () => await _client.RegisterAsync("orders-value", Avro(OrderCancelled)));
        (refusal.ErrorCode, refusal.Status).ShouldBe((RegistryErrorCodes.ContractViolated, 409));
        refusal.Message.ShouldContain("orders.v2");
        (await Should.ThrowAsync<RegistryException>(async () => await _client.PutContractAsync(
            stated with { Value = new SlotContract(SchemaFormat.Bytes) }))).ErrorCode.ShouldBe(RegistryErrorCodes.ContractViolated);
    }

    private static SchemaDefinition Avro(string text) => new(SchemaFormat.Avro, text);
}
