using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SchemaStream.Json.Tests.Types;

/// <summary>The schema of a C# type, as the registry and other languages see it.</summary>
public sealed class SchemaDerivationTests
{
    [Fact]
    public void Record_HasItsNameAsTitle_AndADefinitionForEachTypeWithinIt()
    {
        var schema = Derive<Purchase>();

        schema.GetProperty("$schema").GetString().ShouldBe("http://json-schema.org/draft-07/schema#");
        schema.GetProperty("title").GetString().ShouldBe(nameof(Purchase));
        schema.GetProperty("description").GetString().ShouldBe("What one customer bought.");
        schema.GetProperty("definitions").EnumerateObject().Select(type => type.Name).ShouldBe([nameof(Address), nameof(Line)]);
        var properties = schema.GetProperty("properties");
        Property("id").ShouldBe("""{"type":"string","format":"uuid"}""");
        Property("lines").ShouldBe("""{"description":"In the order in which they were picked.","type":"array","items":{"$ref":"#/definitions/Line"}}""");
        Property("status").ShouldBe("""{"enum":["Placed","Paid","Shipped"],"type":"string"}""");
        Property("shipping").ShouldBe("""{"$ref":"#/definitions/Address"}""");
        Property("billing").ShouldBe("""{"oneOf":[{"type":"null"},{"$ref":"#/definitions/Address"}]}""");
        Property("fees").ShouldBe("""{"type":"object","additionalProperties":{"type":"number"}}""");
        Property("placedAt").ShouldBe("""{"type":"string","format":"date-time"}""");
        Property("dueOn").ShouldBe("""{"type":["string","null"],"format":"date"}""");
        Property("signature").ShouldBe("""{"type":"string","contentEncoding":"base64"}""");
        Property("note").ShouldBe("""{"type":["string","null"]}""");
        Property("points").ShouldBe("""{"type":["integer","null"]}""");
        Property("link").ShouldBe("""{"type":["string","null"],"format":"uri"}""");
        Property("replaces").ShouldContain("""{"$ref":"#"}""");
        schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldContain("shipping");
        schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldNotContain("replaces");

        string Property(string name) => properties.GetProperty(name).GetRawText();
    }

    [Fact]
    public void TypeWithinItself_RefersToTheWhole() =>
        Derive<Category>().GetProperty("properties").GetProperty("children").GetRawText()
            .ShouldBe("""{"type":"array","items":{"$ref":"#"}}""");

    [Fact]
    public void TypeWithinItself_InMoreThanOneWay_HasOneDefinition()
    {
        Derive<Chore>().GetProperty("properties").GetProperty("others").GetRawText()
            .ShouldBe("""{"type":["array","null"],"items":{"$ref":"#"}}""");
        var plan = Derive<Plan>();
        plan.GetProperty("definitions").EnumerateObject().Select(type => type.Name).ShouldBe([nameof(Chore)]);
        plan.GetProperty("properties").GetProperty("more").GetRawText()
            .ShouldBe("""{"type":["array","null"],"items":{"$ref":"#/definitions/Chore"}}""");
        plan.GetProperty("definitions").GetProperty(nameof(Chore)).GetProperty("properties").GetProperty("groups").GetRawText()
            .ShouldBe("""{"type":"object","additionalProperties":{"type":"array","items":{"$ref":"#/definitions/Chore"}}}""");
    }

    [Fact]
    public void Items_ThatMayBeNull_AreSo()
    {
        var properties = Derive<Gaps>().GetProperty("properties");

        Property("names").ShouldBe("""{"type":"array","items":{"type":["string","null"]}}""");
        Property("never").ShouldBe("""{"type":"array","items":{"type":"string"}}""");
        Property("homes").ShouldBe("""{"type":"array","items":{"oneOf":[{"type":"null"},{"$ref":"#/definitions/Address"}]}}""");
        Property("words").ShouldBe("""{"type":"object","additionalProperties":{"type":["string","null"]}}""");
        Property("again").ShouldBe("""{"type":["array","null"],"items":{"type":["string","null"]}}""");

        string Property(string name) => properties.GetProperty(name).GetRawText();
    }

    [Fact]
    public void Objects_HaveTheMembersOfTheirTypesAndNoOthers()
    {
        var drawing = Derive<Drawing>();
        var types = drawing.GetProperty("definitions");

        IsClosed(drawing).ShouldBeTrue();
        IsClosed(types.GetProperty(nameof(Circle))).ShouldBeTrue();
        IsClosed(types.GetProperty(nameof(Figure))).ShouldBeFalse("its derived types say which members they have");
        IsClosed(Derive<Extended>()).ShouldBeFalse("what it has not by name it has as extension data");
        IsClosed(JsonDocument.Parse(new JsonSchemaSerializer<Line>(new JsonFormatOptions { AllowAdditionalProperties = true }).SchemaText).RootElement)
            .ShouldBeFalse();

        static bool IsClosed(JsonElement schema) => schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False;
    }

    [Fact]
    public void GenericType_IsNamedWithItsArguments()
    {
        var schema = Derive<Page<Line>>();

        schema.GetProperty("title").GetString().ShouldBe("PageOfLine");
        schema.GetProperty("definitions").TryGetProperty("Line", out _).ShouldBeTrue();
    }

    [Fact]
    public void Hierarchy_IsAnyOfItsTypes()
    {
        var schema = Derive<Drawing>(JsonSchemaDraft.Draft202012);

        schema.GetProperty("$schema").GetString().ShouldBe("https://json-schema.org/draft/2020-12/schema");
        schema.GetProperty("$defs").EnumerateObject().Select(type => type.Name).ShouldBe([nameof(Circle), nameof(Figure), nameof(Square)]);
        schema.GetProperty("$defs").GetProperty(nameof(Circle)).GetProperty("properties").GetProperty("kind").GetRawText()
            .ShouldBe("""{"const":"circle"}""");
    }

    [Theory]
    [InlineData(JsonSchemaDraft.Draft4)]
    [InlineData(JsonSchemaDraft.Draft6)]
    [InlineData(JsonSchemaDraft.Draft7)]
    [InlineData(JsonSchemaDraft.Draft201909)]
    [InlineData(JsonSchemaDraft.Draft202012)]
    public void Schema_IsOneOfTheDraftAsked_AndTheDataOfTheTypeFollowsIt(JsonSchemaDraft draft)
    {
        Holds(new Drawing([new Circle("red", 1.5), new Square("blue", 2)]));
        Holds(new Category("all", [new Category("some", [])]));
        var task = new Chore("a", null, null, []);
        Holds(new Plan(task, [task with { Next = task, Others = [task] }], [task with { Groups = new() { ["g"] = [task] } }]));
        Holds(new Gaps([null, "a"], ["b"], [null, new Address("s", "c")], new() { ["k"] = null }, [null]));
        Holds(new Page<Line?>([new Line("a", 1, 0.5, Status.Paid), new Line("b", 2, 1, null)], 2));
        Holds(new Extended("a") { More = new() { ["b"] = JsonDocument.Parse("1").RootElement } });

        void Holds<T>(T value)
        {
            var options = new JsonFormatOptions { Draft = draft };
            var serializer = new JsonSchemaSerializer<T>(options);
            var schema = JsonSchema.Parse(serializer.SchemaText);
            schema.Draft.ShouldBe(draft);
            var bytes = Codec.Write(serializer, value);
            new JsonSchemaDeserializer<T>(schema, options).Deserialize(bytes, Codec.Context);
        }
    }

    [Fact]
    public void SourceGeneratedContext_IsHonoured()
    {
        var options = new JsonFormatOptions { SerializerOptions = LinesContext.Default.Options };
        var serializer = new JsonSchemaSerializer<Line>(options);

        JsonNode.Parse(serializer.SchemaText)!["properties"]!.AsObject().Select(property => property.Key)
            .ShouldBe(["sku", "quantity", "weight", "was"]);
        System.Text.Encoding.UTF8.GetString(Codec.Write(serializer, new Line("s", 1, 2, Status.Paid)))
            .ShouldBe("""{"sku":"s","quantity":1,"weight":2,"was":1}""");
        Should.Throw<SchemaSerializationException>(() => new JsonSchemaSerializer<Purchase>(options))
            .Message.ShouldContain("cannot be written as JSON");
    }

    [Fact]
    public void GivenSchema_TakesThePlaceOfTheDerivedOne()
    {
        const string Text = """{"$schema": "http://json-schema.org/draft-07/schema#", "title": "shop.Line", "properties": {"quantity": {"minimum": 1}}}""";
        var options = new JsonFormatOptions { Schemas = new Dictionary<Type, string> { [typeof(Line)] = Text } };
        var serializer = new JsonSchemaSerializer<Line>(options);

        (serializer.SchemaText, serializer.TypeName).ShouldBe((Text, "shop.Line"));
        Should.Throw<SchemaSerializationException>(() => Codec.Write(serializer, new Line("s", 0, 2, null)))
            .Message.ShouldBe("A Value of topic 'orders' does not follow its schema shop.Line: /quantity is too small (#/properties/quantity/minimum)");
    }

    [Fact]
    public void SettingsWithoutASchema_AreRefused() =>
        Should.Throw<SchemaSerializationException>(() => new JsonSchemaSerializer<Line>(new JsonFormatOptions
        {
            SerializerOptions = new JsonSerializerOptions { ReferenceHandler = System.Text.Json.Serialization.ReferenceHandler.Preserve },
        })).Message.ShouldContain("No JSON Schema can be derived");

    [Fact]
    public void OptionalParameters_WhoseDefaultsCannotBeWritten_AreOptionalAllTheSame()
    {
        var schema = Derive<Defaulted>();

        schema.GetProperty("required").GetRawText().ShouldBe("""["name","within"]""");
        var properties = schema.GetProperty("properties");
        properties.GetProperty("id").GetRawText().ShouldBe("""{"type":"string","format":"uuid"}""");
        properties.GetProperty("rank").GetRawText().ShouldBe("""{"type":"integer","default":5}""");
        properties.GetProperty("unit").GetRawText().ShouldBe("""{"type":"string","default":"kg"}""");
        properties.GetProperty("note").GetRawText().ShouldBe("""{"type":["string","null"],"default":null}""");
        properties.GetProperty("ratio").GetRawText().ShouldBe("""{"type":"number"}""");
        schema.GetProperty("definitions").GetProperty("DefaultedPart").GetProperty("required").GetRawText().ShouldBe("""["size"]""");
    }

    [Fact]
    public void OptionalParameters_WhoseDefaultsCannotBeWritten_KeepThem()
    {
        var serializer = new JsonSchemaSerializer<DefaultedPart>();
        var deserializer = new JsonSchemaDeserializer<DefaultedPart>(JsonSchema.Parse(serializer.SchemaText));

        deserializer.Deserialize("""{"size":3}"""u8, Codec.Context).ShouldBe(new DefaultedPart(3));
        deserializer.Deserialize(Codec.Write(serializer, new DefaultedPart(4, DateTime.UnixEpoch)), Codec.Context).ShouldBe(new DefaultedPart(4, DateTime.UnixEpoch));
        Should.Throw<SchemaSerializationException>(() => deserializer.Deserialize("{}"u8, Codec.Context));
    }

    private sealed record Extended(string Name)
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? More { get; init; }
    }

    private sealed record Defaulted(
        string Name, DefaultedPart Within, Guid Id = default, int Rank = 5, string Unit = "kg", string? Note = null, double Ratio = double.NaN);

    private sealed record DefaultedPart(int Size, DateTime At = default);

    private static JsonElement Derive<T>(JsonSchemaDraft draft = JsonSchemaDraft.Draft7) =>
        JsonDocument.Parse(new JsonSchemaSerializer<T>(new JsonFormatOptions { Draft = draft }).SchemaText).RootElement;
}
