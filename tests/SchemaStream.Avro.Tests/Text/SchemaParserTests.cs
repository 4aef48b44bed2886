using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Text;

/// <summary>What is a schema, what is not, and where the error says the fault is.</summary>
public sealed class SchemaParserTests
{
    [Fact]
    public void Parse_Record_KeepsEverythingItSays()
    {
        var schema = (AvroRecordSchema)AvroSchema.Parse("""
            {"type":"record","name":"Order","namespace":"com.acme","doc":"An order","aliases":["Purchase","old.Buy"],"owner":"sales",
             "fields":[{"name":"id","type":"long","doc":"The id","order":"descending","aliases":["key"],"default":7,"pii":true}]}
            """);

        schema.FullName.ShouldBe("com.acme.Order");
        schema.Doc.ShouldBe("An order");
        schema.Aliases.Select(alias => alias.FullName).ShouldBe(["com.acme.Purchase", "old.Buy"]);
        schema.Properties.ShouldHaveSingleItem().Name.ShouldBe("owner");
        var field = schema.Fields.ShouldHaveSingleItem();
        field.Order.ShouldBe(AvroFieldOrder.Descending);
        field.Aliases.ShouldBe(["key"]);
        field.Default!.Value.GetInt32().ShouldBe(7);
        field.Properties[0].Value.GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Parse_NameWithoutDots_LivesInTheEnclosingNamespace()
    {
        var schema = (AvroRecordSchema)AvroSchema.Parse("""
            {"type":"record","name":"a.b.Outer","fields":[
              {"name":"inner","type":{"type":"enum","name":"Inner","symbols":["X"]}},
              {"name":"again","type":"Inner"},
              {"name":"full","type":"a.b.Inner"},
              {"name":"elsewhere","type":{"type":"fixed","name":"F","namespace":"c","size":2}}]}
            """);

        schema.Fields[0].Schema.FullName.ShouldBe("a.b.Inner");
        schema.Fields[1].Schema.ShouldBeSameAs(schema.Fields[0].Schema);
        schema.Fields[2].Schema.ShouldBeSameAs(schema.Fields[0].Schema);
        schema.Fields[3].Schema.FullName.ShouldBe("c.F");
    }

    [Fact]
    public void Parse_TypeWithinItself_IsAGraph()
    {
        var schema = (AvroRecordSchema)AvroSchema.Parse(
            """{"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]}]}""");

        ((AvroUnionSchema)schema.Fields[0].Schema).Branches[1].ShouldBeSameAs(schema);
    }

    [Fact]
    public void Parse_WithReferences_KnowsTheirNamesAtAnyDepth()
    {
        var customer = AvroSchema.Parse(
            """{"type":"record","name":"c.Customer","fields":[{"name":"tier","type":{"type":"enum","name":"Tier","symbols":["A"]}}]}""");

        var order = (AvroRecordSchema)AvroSchema.Parse(
            """{"type":"record","name":"o.Order","fields":[{"name":"who","type":"c.Customer"},{"name":"tier","type":"c.Tier"}]}""",
            [customer]);

        order.Fields[0].Schema.ShouldBeSameAs(customer);
        order.Fields[1].Schema.FullName.ShouldBe("c.Tier");
    }

    [Fact]
    public void Parse_WithComments_IgnoresThem() =>
        AvroSchema.Parse("""/* ours */ {"type": "long" // count""" + "\n}").Kind.ShouldBe(AvroSchemaKind.Long);

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("string", "not valid JSON")]
    [InlineData("7", "$: expected a type name, an object or an array, found 7")]
    [InlineData("{}", "$: a schema object needs a \"type\"")]
    [InlineData("""{"type":7}""", "$.type: the \"type\" of a schema object is a string, found 7")]
    [InlineData("\"text\"", "undefined name \"text\"")]
    [InlineData("""{"type":"record","fields":[]}""", "$: a named type needs a \"name\"")]
    [InlineData("""{"type":"record","name":"R"}""", "$: \"fields\" is missing")]
    [InlineData("""{"type":"record","name":"R","fields":{}}""", "$.fields: expected an array of fields")]
    [InlineData("""{"type":"record","name":"R","fields":[7]}""", "$.fields[0]: expected a field object, found 7")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a"}]}""", "$.fields[0]: \"type\" is missing")]
    [InlineData("""{"type":"record","name":"R","fields":[{"type":"int"}]}""", "$.fields[0]: a field needs a \"name\"")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a-b","type":"int"}]}""", "$.fields[0].name: \"a-b\" is not a name")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}""", "$.fields[1]: the record has two fields named \"a\"")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"int","order":"up"}]}""", "$.fields[0].order")]
    [InlineData("""{"type":"record","name":"1R","fields":[]}""", "$.name: \"1R\" is not a name")]
    [InlineData("""{"type":"record","name":"int","fields":[]}""", "\"int\" is a type of Avro and may not be redefined")]
    [InlineData("""{"type":"record","name":"R","namespace":"a..b","fields":[]}""", "the namespace \"a..b\"")]
    [InlineData("""[{"type":"fixed","name":"F","size":1},{"type":"fixed","name":"F","size":1}]""", "$[1]: F is already defined")]
    [InlineData("""{"type":"fixed","name":"F","size":-1}""", "$.size: expected a whole number")]
    [InlineData("""{"type":"fixed","name":"F","size":"1"}""", "$.size: expected a whole number")]
    [InlineData("""{"type":"enum","name":"E"}""", "$: \"symbols\" is missing")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A","A"]}""", "the symbol \"A\" is there twice")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A B"]}""", "\"A B\" is not a name")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A"],"default":"B"}""", "the default \"B\" is not one of the enum's symbols")]
    [InlineData("""{"type":"array"}""", "$: \"items\" is missing")]
    [InlineData("""{"type":"map"}""", "$: \"values\" is missing")]
    [InlineData("""["int",["string"]]""", "$[1]: a union may not directly contain a union")]
    [InlineData("""["int","string","int"]""", "$[2]: a union may contain int only once")]
    [InlineData("""[{"type":"array","items":"int"},{"type":"array","items":"long"}]""", "$[1]: a union may contain array only once")]
    [InlineData("""{"type":"int","type":"long"}""", "not valid JSON")]
    public void Parse_OfWhatIsNoSchema_SaysWhereAndWhy(string text, string expected) =>
        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(text)).Message.ShouldContain(expected);

    [Theory]
    [InlineData("\"null\"", "null")]
    [InlineData("\"boolean\"", "true")]
    [InlineData("\"int\"", "-2147483648")]
    [InlineData("\"long\"", "9223372036854775807")]
    [InlineData("\"float\"", "1")]
    [InlineData("\"double\"", "1.5e10")]
    [InlineData("\"string\"", "\"ä\"")]
    [InlineData("\"bytes\"", "\"\\u00FF\\u0000\"")]
    [InlineData("""{"type":"fixed","name":"F","size":2}""", "\"\\u00FF\\u0000\"")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A"]}""", "\"A\"")]
    [InlineData("""{"type":"array","items":"int"}""", "[1,2]")]
    [InlineData("""{"type":"map","values":"int"}""", """{"a":1}""")]
    [InlineData("""["null","int"]""", "null")]
    [InlineData("""["null","int"]""", "7")]
    [InlineData("""{"type":"record","name":"I","fields":[{"name":"x","type":"int"},{"name":"y","type":"int","default":1}]}""", """{"x":1}""")]
    public void Parse_DefaultOfItsType_IsAccepted(string type, string value) =>
        AvroSchema.Parse(RecordWithDefault(type, value)).Kind.ShouldBe(AvroSchemaKind.Record);

    [Theory]
    [InlineData("\"null\"", "0")]
    [InlineData("\"boolean\"", "\"true\"")]
    [InlineData("\"int\"", "2147483648")]
    [InlineData("\"int\"", "1.5")]
    [InlineData("\"long\"", "9223372036854775808")]
    [InlineData("\"float\"", "\"NaN\"")]
    [InlineData("\"string\"", "7")]
    [InlineData("\"bytes\"", "\"\\u0100\"")]
    [InlineData("""{"type":"fixed","name":"F","size":2}""", "\"abc\"")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A"]}""", "\"B\"")]
    [InlineData("""{"type":"array","items":"int"}""", "[1,\"2\"]")]
    [InlineData("""{"type":"map","values":"int"}""", """{"a":null}""")]
    [InlineData("""["null","int"]""", "\"x\"")]
    [InlineData("""{"type":"record","name":"I","fields":[{"name":"x","type":"int"}]}""", "{}")]
    public void Parse_DefaultOfAnotherType_IsRefused(string type, string value)
    {
        var text = RecordWithDefault(type, value);

        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(text)).Path.ShouldStartWith("$.fields[0].default");
        AvroSchema.Parse(text, validation: AvroValidation.Lenient).Kind.ShouldBe(AvroSchemaKind.Record);
    }

    private static string RecordWithDefault(string type, string value) =>
        $$"""{"type":"record","name":"R","fields":[{"name":"a","type":{{type}},"default":{{value}}}]}""";
}
