using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Tests.Endpoints;

public sealed class ContractEndpointTests : IAsyncLifetime
{
    private static readonly object Orders = new
    {
        topic = "orders",
        key = new { format = "string" },
        value = new { format = "AVRO", type = "com.acme.OrderPlaced", subject = "orders-value" },
    };

    private TestRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Put_ThenGet_ShowsWhatIsBoundByWhom()
    {
        (await _registry.GetAsync("/contracts/topics")).ShouldBeOk("[]");
        (await _registry.GetAsync("/contracts/topics/orders")).ShouldBeRefused(404, 40420).ShouldContain("PUT /contracts/topics/orders");

        var bound = (await _registry.PutAsync("/contracts/topics/orders", Orders)).ShouldBeOk();

        bound.Json.GetProperty("key").GetRawText().ShouldBe("""{"format":"string","evolution":"FROZEN"}""");
        bound.Json.GetProperty("value").GetRawText().ShouldBe(
            """{"format":"AVRO","type":"com.acme.OrderPlaced","subject":"orders-value","evolution":"COMPATIBLE"}""");
        bound.Json.GetProperty("binding").GetString().ShouldBe("EXPLICIT");
        bound.Json.GetProperty("boundBy").GetString().ShouldBe("PUT /contracts/topics/orders");
        (await _registry.GetAsync("/contracts/topics/orders")).ShouldBeOk(bound.Body);
        (await _registry.GetAsync("/contracts/topics")).ShouldBeOk($"[{bound.Body}]");
    }

    [Fact]
    public async Task Put_TheSameAgain_ChangesNothing()
    {
        var first = (await _registry.PutAsync("/contracts/topics/orders", Orders)).ShouldBeOk();

        (await _registry.PutAsync("/contracts/topics/orders", Orders)).ShouldBeOk(first.Body);
    }

    [Fact]
    public async Task Put_AnotherType_IsRefusedWithTheWayOut()
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);

        var message = (await _registry.PutAsync(
            "/contracts/topics/orders", new { value = new { format = "AVRO", type = "com.acme.OrderCancelled" } }))
            .ShouldBeRefused(409, 40910);

        message.ShouldContain("Topic 'orders'");
        message.ShouldContain("'com.acme.OrderPlaced' (AVRO) as its value");
        message.ShouldContain("by PUT /contracts/topics/orders");
        message.ShouldContain("'com.acme.OrderCancelled' (AVRO)");
        message.ShouldContain("PUT /contracts/topics/orders.v2");
    }

    [Fact]
    public async Task Register_AnotherTypeUnderBoundSubject_IsRefusedAtAnyLevel()
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);
        await _registry.PutAsync("/config", new { compatibility = "NONE" });

        (await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced)).ShouldBeOk();
        (await _registry.RegisterAsync("orders-value", Schemas.OrderCancelled)).ShouldBeRefused(409, 40910)
            .ShouldContain("'com.acme.OrderCancelled' (AVRO) was offered");
        (await _registry.PostAsync("/subjects/orders-value/versions?force=true", new { schema = Schemas.OrderCancelled }))
            .ShouldBeRefused(409, 40910);
    }

    [Theory]
    [InlineData("JSON", """{"title":"OrderPlaced","type":"object"}""")]
    [InlineData("PROTOBUF", "no schema at all")]
    public async Task Register_AnotherFormatUnderBoundSubject_IsRefusedByTheContractBeforeItsTextIsParsed(string format, string text)
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);

        (await _registry.PostAsync("/subjects/orders-value/versions", new { schemaType = format, schema = text }))
            .ShouldBeRefused(409, 40910)
            .ShouldContain($"{format} was offered");
    }

    [Fact]
    public async Task Compatibility_OfAnotherType_TellsOfTheContract()
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);

        var verdict = (await _registry.PostAsync(
            "/compatibility/subjects/orders-value/versions?verbose=true", new { schema = Schemas.OrderCancelled })).ShouldBeOk().Json;

        verdict.GetProperty("is_compatible").GetBoolean().ShouldBeFalse();
        verdict.GetProperty("messages")[0].GetString()!.ShouldContain("Topic 'orders' carries");
    }

    [Theory]
    [InlineData("versions")]
    [InlineData("versions/latest")]
    public async Task Compatibility_OfWhatTheContractRefuses_IsNone(string versions)
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);
        await _registry.PutAsync("/config", new { compatibility = "NONE" });

        foreach (var (format, schema) in new[] { ("JSON", "{}"), ("PROTOBUF", "?"), ("AVRO", Schemas.OrderCancelled) })
        {
            var verdict = (await _registry.PostAsync(
                $"/compatibility/subjects/orders-value/{versions}?verbose=true", new { schemaType = format, schema })).ShouldBeOk().Json;

            verdict.GetProperty("is_compatible").GetBoolean().ShouldBeFalse();
            var message = verdict.GetProperty("messages").EnumerateArray().ShouldHaveSingleItem().GetString()!;
            message.ShouldContain("Topic 'orders' carries 'com.acme.OrderPlaced' (AVRO) as its value");
            message.ShouldContain(format);
        }
    }

    [Fact]
    public async Task Import_AnotherFormatUnderBoundSubject_IsRefusedByTheContract()
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);
        (await _registry.PutAsync("/mode", new { mode = "IMPORT" })).ShouldBeOk();

        (await _registry.PostAsync("/subjects/orders-value/versions", new { schemaType = "JSON", schema = "{}", id = 7 }))
            .ShouldBeRefused(409, 40910).ShouldContain("JSON was offered");
    }

    [Fact]
    public async Task Refusal_OfAKey_NamesTheKeysSubjectAsTheWayOut()
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);

        (await _registry.RegisterAsync("orders-key", Schemas.OrderPlaced)).ShouldBeRefused(409, 40910)
            .ShouldContain("which links the two) and register its schema under 'orders.v2-key'. If topic 'orders' is gone, ");
    }

    [Fact]
    public async Task Register_SchemaForAPrimitiveSlot_IsRefused()
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);

        (await _registry.RegisterAsync("orders-key", Schemas.OrderPlaced)).ShouldBeRefused(409, 40910)
            .ShouldContain("carries string as its key");
    }

    [Fact]
    public async Task Register_First_BindsImplicitly()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);

        var bound = (await _registry.GetAsync("/contracts/topics/orders")).ShouldBeOk().Json;
        bound.GetProperty("binding").GetString().ShouldBe("IMPLICIT");
        bound.TryGetProperty("key", out _).ShouldBeFalse();
        bound.GetProperty("value").GetProperty("type").GetString().ShouldBe("com.acme.OrderPlaced");
        await _registry.PutAsync("/config", new { compatibility = "NONE" });
        (await _registry.RegisterAsync("orders-value", Schemas.OrderCancelled)).ShouldBeRefused(409, 40910)
            .ShouldContain("by the first schema registered under orders-value");
        (await _registry.DeleteAsync("/subjects/orders-value")).ShouldBeOk("[1]");
    }

    [Fact]
    public async Task Register_WhenImplicitContractsAreOff_BindsNothing()
    {
        await using var registry = await TestRegistry.StartAsync(
            new RegistrySettings { ImplicitContracts = ImplicitContracts.Off, DefaultCompatibility = CompatibilityLevel.None });

        (await registry.RegisterAsync("orders-value", Schemas.OrderPlaced)).ShouldBeOk();
        (await registry.RegisterAsync("orders-value", Schemas.OrderCancelled)).ShouldBeOk();
        (await registry.GetAsync("/contracts/topics")).ShouldBeOk("[]");
    }

    [Fact]
    public async Task Delete_SchemaOfExplicitContract_IsRefused()
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);

        (await _registry.DeleteAsync("/subjects/orders-value/versions/1")).ShouldBeRefused(422, 42206).ShouldContain("Topic 'orders'");
        (await _registry.DeleteAsync("/subjects/orders-value")).ShouldBeRefused(422, 42206);
    }

    [Fact]
    public async Task Delete_ForGood_WhatAnExplicitContractNeeds_IsRefused()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlacedWithNote);
        (await _registry.DeleteAsync("/subjects/orders-value/versions/1")).ShouldBeOk("1");
        (await _registry.PutAsync("/contracts/topics/orders", Orders)).ShouldBeOk();

        (await _registry.DeleteAsync("/subjects/orders-value/versions/1?permanent=true")).ShouldBeRefused(422, 42206);
        (await _registry.GetAsync("/schemas/ids/1")).ShouldBeOk();
    }

    [Fact]
    public async Task Put_ASubjectThatHoldsAnotherTopicsType_IsRefused()
    {
        await _registry.PutAsync("/contracts/topics/orders", Orders);

        (await _registry.PutAsync("/contracts/topics/refunds", new
        {
            value = new { format = "AVRO", type = "com.acme.Refund", subject = "orders-value" },
        })).ShouldBeRefused(409, 40910).ShouldContain("that is for the value of topic 'orders'");
        (await _registry.PutAsync("/contracts/topics/refunds", new
        {
            key = new { format = "AVRO", type = "com.acme.RefundKey", subject = "refunds" },
            value = new { format = "AVRO", type = "com.acme.Refund", subject = "refunds" },
        })).ShouldBeRefused(422, 42220).ShouldContain("cannot share subject 'refunds'");
    }

    [Fact]
    public async Task Put_FormatsToCome_ArePinnedAlready()
    {
        (await _registry.PutAsync(
            "/contracts/topics/payments", new { value = new { format = "PROTOBUF", type = "acme.Payment" } })).ShouldBeOk();

        (await _registry.RegisterAsync("payments-value", Schemas.OrderPlaced)).ShouldBeRefused(409, 40910);
    }

    [Theory]
    [InlineData("orders", """{}""", 42220)]
    [InlineData("orders", """{"value":{"format":"XML"}}""", 42220)]
    [InlineData("orders", """{"value":{"format":"AVRO"}}""", 42220)]
    [InlineData("orders", """{"value":{"format":"string","type":"x"}}""", 42220)]
    [InlineData("orders", """{"value":{"format":"string","evolution":"SOMEHOW"}}""", 42220)]
    [InlineData("orders", """{"topic":"other","value":{"format":"string"}}""", 42220)]
    [InlineData("a%2Fb", """{"value":{"format":"string"}}""", 42220)]
    public async Task Put_InvalidContract_IsRefused(string topic, string body, int code) =>
        (await _registry.SendAsync(HttpMethod.Put, $"/contracts/topics/{topic}", body)).ShouldBeRefused(422, code);
}
