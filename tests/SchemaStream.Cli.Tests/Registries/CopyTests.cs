using System.Text.Json.Nodes;
using SchemaStream.Cli.Registries;
using SchemaStream.Cli.Registries.Copying;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Registries;

/// <summary>A whole registry as a file, and back.</summary>
public sealed class CopyTests
{
    [Fact]
    public async Task WhatIsImported_IsWhatWasExported()
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "registry.jsonl");
        await using var source = await FilledAsync();
        await using var target = await RunningRegistry.StartAsync();
        var contents = await source.ReadAsync();

        await RegistryFile.WriteAsync(file, contents, CancellationToken.None);
        (await target.ImportAsync(await RegistryFile.ReadAsync(file, CancellationToken.None))).ShouldBe(7);

        var copy = await target.ReadAsync();
        copy.Schemas.Select(Told).Order().ShouldBe(contents.Schemas.Select(Told).Order());
        copy.Contexts.ShouldBe([".dev", ".lkc-1"]);
        Text(copy.Configs).ShouldBe(Text(contents.Configs));
        Text(copy.Configs).ShouldContain("later-value", Case.Sensitive, "a setting may be there before the first version");
        copy.Modes.ShouldBe(contents.Modes);
        copy.Contracts.Select(contract => (string)contract["topic"]!).ShouldBe(contents.Contracts.Select(contract => (string)contract["topic"]!));
        contents.Associations.Count.ShouldBe(2);
        copy.Associations.Select(Told).ShouldBe(contents.Associations.Select(Told));
        ((string)(await target.Api.FindAsync("/schemas/ids/3", CancellationToken.None))!["schema"]!).ShouldContain("\"R\"");

        // The next id is one more than the source's largest: no id comes back with another meaning.
        ((int)(await target.PostAsync("/subjects/new/versions", """{"schema":"\"bytes\""}"""))!["id"]!).ShouldBe(5);
    }

    [Fact]
    public async Task WhatAContractSaysOfATopicsSubject_StaysTheContracts()
    {
        await using var source = await FilledAsync();
        await source.PostAsync("/subjects/shared/versions", Record("S", "a"));
        await source.SendAsync(
            HttpMethod.Put, "/contracts/topics/returns", """{"value":{"format":"AVRO","type":"S","subject":"shared"}}""");
        await using var target = await RunningRegistry.StartAsync();
        var contents = await source.ReadAsync();

        await target.ImportAsync(contents);
        (await target.ImportAsync(contents)).ShouldBe(0);

        (await target.ReadAsync()).Associations.Select(Told).ShouldBe(contents.Associations.Select(Told), ignoreOrder: true);
        await target.SendAsync(HttpMethod.Delete, "/contracts/topics/returns?force=true");
        (await target.ReadAsync()).Associations.Select(Told).ShouldNotContain("returns returns shared value WEAK false");
        contents.Associations.Select(Told).ShouldContain("returns returns shared value WEAK false");
    }

    [Fact]
    public async Task ATopicThatIsAssociatedElsewhereThanItsFirstSchema_IsAgain()
    {
        await using var source = await RunningRegistry.StartAsync();
        await source.PostAsync("/subjects/orders-value/versions", Record("O", "a"));
        await source.PostAsync("/subjects/shared/versions", Record("O", "a"));
        await source.PostAsync("/associations", """
            {"resourceName":"orders","resourceNamespace":"lkc-1","resourceId":"id-1","associations":[{"subject":"shared"}]}
            """);
        await using var target = await RunningRegistry.StartAsync();
        var contents = await source.ReadAsync();

        await target.ImportAsync(contents);
        (await target.ImportAsync(contents)).ShouldBe(0);

        var copy = await target.ReadAsync();
        copy.Associations.Select(Told).ShouldBe(["id-1 orders shared value WEAK false"]);
        ((string)copy.Contracts.Single()["value"]!["subject"]!).ShouldBe("shared");
    }

    [Fact]
    public async Task ImportedAgain_NothingIsMissing()
    {
        await using var source = await FilledAsync();
        await using var target = await RunningRegistry.StartAsync();
        var contents = await source.ReadAsync();
        await target.ImportAsync(contents);

        (await target.ImportAsync(contents)).ShouldBe(0);
    }

    [Fact]
    public async Task AnImportThatWasInterrupted_GoesOn()
    {
        await using var source = await FilledAsync();
        await using var target = await RunningRegistry.StartAsync();
        var contents = await source.ReadAsync();
        await target.SendAsync(HttpMethod.Put, "/mode", """{"mode":"IMPORT"}""");
        foreach (var schema in contents.Schemas.Where(schema => schema.Context.Length == 0).Take(2))
        {
            await target.PostAsync(
                $"/subjects/{schema.Subject}/versions",
                new JsonObject { ["schema"] = schema.Text, ["id"] = schema.Id, ["version"] = schema.Version }.ToJsonString());
        }

        (await target.ImportAsync(contents)).ShouldBe(5);

        (await target.ReadAsync()).Schemas.Select(Told).Order().ShouldBe(contents.Schemas.Select(Told).Order());
    }

    [Fact]
    public async Task ARegistryThatHoldsOthers_IsLeftAsItIs()
    {
        await using var source = await FilledAsync();
        await using var target = await RunningRegistry.StartAsync();
        await target.PostAsync("/subjects/orders-value/versions", """{"schema":"\"bytes\""}""");

        var refusal = await Should.ThrowAsync<RegistryCopyException>(async () => await target.ImportAsync(await source.ReadAsync()));

        refusal.Message.ShouldContain("'orders-value' version 1");
        (await target.ReadAsync()).Schemas.Count.ShouldBe(1);
        (await target.ReadAsync()).Modes[""].ShouldBe("READWRITE");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"kind\":\"registry\",\"format\":1}")]
    [InlineData("{\"kind\":\"registry\",\"format\":2}\n{\"kind\":\"end\",\"lines\":1}")]
    [InlineData("{\"kind\":\"registry\",\"format\":1}\n{\"kind\":\"end\",\"lines\":2}")]
    [InlineData("{\"kind\":\"registry\",\"format\":1}\n{\"kind\":\"schema\",\"value\":{}}\n{\"kind\":\"end\",\"lines\":2}")]
    [InlineData("{\"kind\":\"registry\",\"format\":1}\n{\"kind\":\"mode\"}\n{\"kind\":\"end\",\"lines\":2}")]
    [InlineData("{\"kind\":\"registry\",\"format\":1}\n{\"kind\":\"end\",\"lines\":1}\n{\"kind\":\"context\"}")]
    [InlineData("not json")]
    [InlineData("[]")]
    public async Task AFileThatIsNotWhole_IsRefused(string text)
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "registry.jsonl");
        await File.WriteAllTextAsync(file, text);

        (await Should.ThrowAsync<RegistryCopyException>(() => RegistryFile.ReadAsync(file, CancellationToken.None))).Message.ShouldContain(file);
    }

    [Fact]
    public void SchemasThatReferenceEachOtherInACircle_AreRefused()
    {
        SchemaVersionEntry Schema(string subject, string other) => new(
            new JsonObject
            {
                ["subject"] = subject,
                ["version"] = 1,
                ["id"] = 1,
                ["schema"] = "x",
                ["references"] = new JsonArray(new JsonObject { ["name"] = "n", ["subject"] = other, ["version"] = 1 }),
            },
            IsDeleted: false);

        Should.Throw<RegistryCopyException>(() => ReferenceOrder.Levels([Schema("a", "b"), Schema("b", "a")]))
            .Message.ShouldContain("circle");
        ReferenceOrder.Levels([Schema("a", "b"), Schema("b", "gone")]).Select(level => level[0].Subject).ShouldBe(["b", "a"]);
    }

    private static async Task<RunningRegistry> FilledAsync()
    {
        var registry = await RunningRegistry.StartAsync();
        await registry.PostAsync("/subjects/orders-value/versions", Record("O", "a"));
        await registry.PostAsync("/subjects/orders-value/versions", Record("O", "b"));
        await registry.PostAsync("/subjects/refs/versions", """
            {"schema":"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"o\",\"type\":\"O\"}]}",
             "references":[{"name":"O","subject":"orders-value","version":2}]}
            """);
        await registry.PostAsync("/subjects/with%2Fslash/versions", """{"schema":"\"long\"","metadata":{"properties":{"owner":"é"}}}""");
        await registry.PostAsync("/subjects/gone/versions", """{"schema":"\"long\"","metadata":{"properties":{"owner":"é"}}}""");
        await registry.PostAsync("/contexts/dev/subjects/x/versions", """{"schema":"syntax = \"proto3\"; message M { string a = 1; }","schemaType":"PROTOBUF"}""");
        await registry.PostAsync("/associations", """
            {"resourceName":"parcels","resourceNamespace":"lkc-1","resourceId":"id-1","resourceType":"topic",
             "associations":[{"subject":"refs","associationType":"value","lifecycle":"WEAK"}]}
            """);
        await registry.PostAsync("/associations", """
            {"resourceName":"trucks","resourceNamespace":"lkc-1","resourceId":"id-2","resourceType":"topic",
             "associations":[{"subject":":.lkc-1:trucks-value","associationType":"value","lifecycle":"STRONG","schema":{"schema":"\"double\""}}]}
            """);
        await registry.SendAsync(HttpMethod.Delete, "/subjects/orders-value/versions/1");
        await registry.SendAsync(HttpMethod.Delete, "/subjects/gone");
        await registry.SendAsync(HttpMethod.Put, "/config", """{"compatibility":"FULL"}""");
        await registry.SendAsync(HttpMethod.Put, "/config/refs", """{"compatibility":"NONE","normalize":true}""");
        await registry.SendAsync(HttpMethod.Put, "/config/later-value", """{"compatibility":"FULL_TRANSITIVE"}""");
        await registry.SendAsync(HttpMethod.Put, "/mode/:.dev:later", """{"mode":"READONLY"}""");
        await registry.SendAsync(HttpMethod.Put, "/mode/refs", """{"mode":"READONLY"}""");
        await registry.SendAsync(HttpMethod.Put, "/contracts/topics/bills", """{"value":{"format":"AVRO","type":"Bill"}}""");
        return registry;
    }

    private static string Record(string name, string field) => new JsonObject
    {
        ["schema"] = $$"""{"type":"record","name":"{{name}}","fields":[{"name":"{{field}}","type":"int","default":1}]}""",
    }.ToJsonString();

    private static string Told(SchemaVersionEntry schema) =>
        $"{schema.Subject} {schema.Version} {schema.Id} {schema.Type} {schema.IsDeleted} {schema.Text} {schema.Json["references"]?.ToJsonString()} {schema.Json["metadata"]?.ToJsonString()}";

    private static string Told(JsonObject association) =>
        $"{association["resourceId"]} {association["resourceName"]} {association["subject"]} {association["associationType"]} {association["lifecycle"]} {association["frozen"]}";

    private static string Text(IReadOnlyDictionary<string, JsonObject> configs) =>
        string.Join('\n', configs.Where(config => config.Key != ":.__GLOBAL:").Select(config => $"{config.Key} {config.Value.ToJsonString()}"));
}
