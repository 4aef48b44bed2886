using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace SchemaStream.Json.Types;

/// <summary>
/// The schema of a C# type, as the framework's exporter sees it: so it says what System.Text.Json really writes, whatever the
/// converters, naming policies and source-generated contexts. Here it gets a name and an edition, and each type within it a
/// definition of its own, to which uses and recursions refer.
/// </summary>
internal sealed class SchemaDerivation
{
    private const int DeepestLists = 16;

    private static readonly JsonNode NullType = JsonValue.Create("null");

    private readonly JsonSchemaDraft _draft;
    private readonly Type _root;
    private readonly string _definitions;
    private readonly Dictionary<(Type Type, Type? Base), string> _names = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonNode> _types = new(StringComparer.Ordinal);

    /// <summary>The settings that know the parameters' defaults, where the exporter may not see them.</summary>
    private readonly JsonSerializerOptions? _defaults;
    private readonly bool _isOpen;
    private int _within;

    private SchemaDerivation(JsonTypeInfo type, JsonFormatOptions options, JsonSerializerOptions? defaults)
    {
        _defaults = defaults;
        _root = type.Type;
        _draft = options.Draft;
        _isOpen = options.AllowAdditionalProperties;
        _definitions = _draft >= JsonSchemaDraft.Draft201909 ? "$defs" : "definitions";
    }

    /// <summary>Derives a schema.</summary>
    /// <param name="type">The type, under the settings that it is written with.</param>
    /// <param name="options">The edition to write, and whether objects may have members that their types have not.</param>
    /// <exception cref="SchemaSerializationException">The type, or one within it, has no schema.</exception>
    public static string Derive(JsonTypeInfo type, JsonFormatOptions options)
    {
        try
        {
            try
            {
                return new SchemaDerivation(type, options, null).Derive(type);
            }
            catch (Exception unwritable) when (unwritable is JsonException or ArgumentException)
            {
                return new SchemaDerivation(type, options, type.Options).Derive(UnwritableDefaults.Without(type));
            }
        }
        catch (Exception misfit) when (misfit is NotSupportedException or InvalidOperationException or JsonException or ArgumentException)
        {
            throw new SchemaSerializationException($"No JSON Schema can be derived from {type.Type}: {misfit.Message}", misfit);
        }
    }

    /// <summary>A type's name without what a name cannot have: <c>Page&lt;Order&gt;</c> is <c>PageOfOrder</c>.</summary>
    public static string NameOf(Type type)
    {
        if (type.IsArray)
        {
            return NameOf(type.GetElementType()!) + "Array";
        }

        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0
            ? type.Name
            : type.Name[..tick] + "Of" + string.Join("And", type.GetGenericArguments().Select(NameOf));
    }

    private string Derive(JsonTypeInfo type)
    {
        var exported = Export(type);
        var schema = new JsonObject { ["$schema"] = EditionOf(_draft), ["title"] = NameOf(_root) };
        if (exported is JsonObject body)
        {
            WithoutNull(body);
            foreach (var (keyword, value) in body.ToArray())
            {
                body.Remove(keyword);
                schema[keyword] = value;
            }
        }

        if (_types.Count > 0)
        {
            schema[_definitions] = new JsonObject(_types.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
        }

        return schema.ToJsonString();
    }

    private static string EditionOf(JsonSchemaDraft draft) => draft switch
    {
        JsonSchemaDraft.Draft4 => "http://json-schema.org/draft-04/schema#",
        JsonSchemaDraft.Draft6 => "http://json-schema.org/draft-06/schema#",
        JsonSchemaDraft.Draft7 => "http://json-schema.org/draft-07/schema#",
        JsonSchemaDraft.Draft201909 => "https://json-schema.org/draft/2019-09/schema",
        _ => "https://json-schema.org/draft/2020-12/schema",
    };

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
        {
            return _draft == JsonSchemaDraft.Draft4 && node.GetValueKind() == JsonValueKind.True ? new JsonObject() : node;
        }

        if (schema["not"] is JsonValue everything && everything.GetValueKind() == JsonValueKind.True)
        {
            throw new NotSupportedException(context.PropertyInfo?.AttributeProvider is MemberInfo member
                ? $"{member.DeclaringType}.{member.Name} is of {context.TypeInfo.Type}, which System.Text.Json does not write; mark it with [JsonIgnore]."
                : $"System.Text.Json does not write {context.TypeInfo.Type}.");
        }

        var isObject = context.TypeInfo.Kind == JsonTypeInfoKind.Object;
        if (schema.ContainsKey("$ref"))
        {
            // The exporter refers to where it has met a type before, which need not be where it will stand.
            return isObject
                ? Refer(context.TypeInfo.Type, context.BaseTypeInfo?.Type, IsNullable(context.PropertyInfo))
                : Again(context);
        }

        if (_defaults is not null)
        {
            UnwritableDefaults.Say(_defaults, context, schema);
        }

        Describe(context, schema);
        Refine(context.TypeInfo, schema);
        Close(context, schema);
        ItemNullability.Say(context.PropertyInfo, context.TypeInfo, schema);
        if (!isObject || (context.Path.IsEmpty && _within == 0))
        {
            return schema;
        }

        var isNullable = WithoutNull(schema);
        if (!IsRoot(context.TypeInfo.Type, context.BaseTypeInfo?.Type))
        {
            _types.TryAdd(NameOf(context.TypeInfo.Type, context.BaseTypeInfo?.Type), schema.Parent is null ? schema : schema.DeepClone());
        }

        return Refer(context.TypeInfo.Type, context.BaseTypeInfo?.Type, isNullable);
    }

    /// <summary>Lists, dictionaries and scalars are written out wherever they are used.</summary>
    private JsonNode Again(JsonSchemaExporterContext context)
    {
        var node = WrittenOut(context.TypeInfo, depth: 0);
        if (node is JsonObject schema)
        {
            Describe(context, schema);
            ItemNullability.Say(context.PropertyInfo, context.TypeInfo, schema);
            if (IsNullable(context.PropertyInfo) && schema["type"] is JsonValue single)
            {
                schema["type"] = new JsonArray(single.DeepClone(), NullType.DeepClone());
            }
        }

        return node;
    }

    /// <summary>
    /// A list or dictionary by hand: the exporter would go into its items once more, which may be the types that it is
    /// within. They were met before, so each has its definition, or gets it where it was met.
    /// </summary>
    private JsonNode WrittenOut(JsonTypeInfo type, int depth)
    {
        if (type.Kind is not (JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary))
        {
            _within++;
            var exported = Export(type);
            _within--;
            return exported;
        }

        if (depth == DeepestLists)
        {
            throw new NotSupportedException($"{type.Type} is a list or dictionary of itself.");
        }

        var items = type.Options.GetTypeInfo(type.ElementType!);
        var item = items.Kind == JsonTypeInfoKind.Object
            ? Refer(items.Type, @base: null, isNullable: Nullable.GetUnderlyingType(items.Type) is not null)
            : WrittenOut(items, depth + 1);
        return type.Kind == JsonTypeInfoKind.Enumerable
            ? new JsonObject { ["type"] = "array", ["items"] = item }
            : new JsonObject { ["type"] = "object", ["additionalProperties"] = item };
    }

    private JsonNode Export(JsonTypeInfo type) => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform,
    });

    private bool IsRoot(Type type, Type? @base) => type == _root && @base is null;

    private JsonObject Refer(Type type, Type? @base, bool isNullable)
    {
        var target = IsRoot(type, @base) ? "#" : $"#/{_definitions}/{NameOf(type, @base)}";
        var reference = new JsonObject { ["$ref"] = target };
        return isNullable
            ? new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = NullType.DeepClone() }, reference) }
            : reference;
    }

    private string NameOf(Type type, Type? @base)
    {
        var key = (type, @base);
        if (!_names.TryGetValue(key, out var name))
        {
            var plain = NameOf(type);
            name = plain;
            for (var i = 2; !_taken.Add(name); i++)
            {
                name = FormattableString.Invariant($"{plain}{i}");
            }

            _names[key] = name;
        }

        return name;
    }

    private void Refine(JsonTypeInfo type, JsonObject schema)
    {
        var plain = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (plain.IsEnum && schema["enum"] is JsonArray values && !schema.ContainsKey("type"))
        {
            var isNullable = values.Any(value => value is null);
            schema["type"] = isNullable ? new JsonArray("string", "null") : "string";
        }

        if (_draft >= JsonSchemaDraft.Draft7 && (plain == typeof(byte[]) || plain == typeof(ReadOnlyMemory<byte>) || plain == typeof(Memory<byte>)))
        {
            schema["contentEncoding"] = "base64";
        }

        if (_draft == JsonSchemaDraft.Draft4 && schema.ContainsKey("const"))
        {
            var constant = schema["const"]?.DeepClone();
            schema.Remove("const");
            schema["enum"] = new JsonArray(constant);
        }
    }

    /// <summary>
    /// Says that an object has the members of its type and no others, which is so: members may then be added under
    /// BACKWARD. A schema that chooses between derived types leaves it to theirs.
    /// </summary>
    private void Close(JsonSchemaExporterContext context, JsonObject schema)
    {
        var type = context.TypeInfo;
        var isChoice = schema.ContainsKey("anyOf") || (type.PolymorphismOptions is not null && context.BaseTypeInfo is null);
        if (!_isOpen && type.Kind == JsonTypeInfoKind.Object && !isChoice && IsOfObjects(schema)
            && !schema.ContainsKey("additionalProperties") && !type.Properties.Any(property => property.IsExtensionData))
        {
            schema["additionalProperties"] = false;
        }
    }

    private static bool IsOfObjects(JsonObject schema) =>
        schema.ContainsKey("properties") || (schema["type"] is { } types && types.ToJsonString().Contains("\"object\"", StringComparison.Ordinal));

    private static void Describe(JsonSchemaExporterContext context, JsonObject schema)
    {
        var attributes = context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true)
            .OfType<DescriptionAttribute>() ?? [];
        var description = attributes.FirstOrDefault()
            ?? (context.PropertyInfo is null ? context.TypeInfo.Type.GetCustomAttribute<DescriptionAttribute>() : null);
        if (description is not null && !schema.ContainsKey("$ref"))
        {
            schema.Insert(0, "description", description.Description);
        }
    }

    private static bool IsNullable(JsonPropertyInfo? property) => property is not null && (property.IsGetNullable || property.IsSetNullable);

    /// <summary>Takes null from the types of a schema, and says whether it was among them.</summary>
    private static bool WithoutNull(JsonObject schema)
    {
        if (schema["type"] is not JsonArray types || types.FirstOrDefault(type => type!.GetValue<string>() == "null") is not { } isNull)
        {
            return false;
        }

        types.Remove(isNull);
        if (types.Count == 1)
        {
            schema["type"] = types[0]!.DeepClone();
        }

        return true;
    }
}
