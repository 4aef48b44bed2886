using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace SchemaStream.Json.Types;

/// <summary>
/// Types with optional parameters whose values the exporter cannot write, such as <c>Guid id = default</c>, which to
/// reflection is null: they are exported as if they had no constructor, and the other defaults said afterwards.
/// </summary>
internal static class UnwritableDefaults
{
    /// <summary>The type under settings in which no member belongs to a parameter.</summary>
    public static JsonTypeInfo Without(JsonTypeInfo type) => new JsonSerializerOptions(type.Options)
    {
        TypeInfoResolver = type.Options.TypeInfoResolver!.WithAddedModifier(info => Detach(info, type.Options)),
    }.GetTypeInfo(type.Type);

    /// <summary>Says the default of a member's parameter where it can be written.</summary>
    /// <param name="settings">The settings in which members belong to parameters.</param>
    /// <param name="context">The member.</param>
    /// <param name="schema">Its schema.</param>
    public static void Say(JsonSerializerOptions settings, JsonSchemaExporterContext context, JsonObject schema)
    {
        if (context.PropertyInfo is not { } member || context.TypeInfo.Kind == JsonTypeInfoKind.Object || schema.ContainsKey("default")
            || Find(settings.GetTypeInfo(member.DeclaringType), member.Name)?.AssociatedParameter is not { HasDefaultValue: true } parameter
            || (parameter.DefaultValue is null && !member.IsGetNullable))
        {
            return;
        }

        try
        {
            schema["default"] = JsonSerializer.SerializeToNode(parameter.DefaultValue, settings.GetTypeInfo(member.PropertyType));
        }
        catch (Exception unwritable) when (unwritable is JsonException or ArgumentException)
        {
            // NaN, or what is no value of its type: the schema says nothing of it, and the constructor supplies it all the same.
        }
    }

    private static void Detach(JsonTypeInfo type, JsonSerializerOptions settings)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.CreateObject is not null)
        {
            return;
        }

        var known = settings.GetTypeInfo(type.Type);
        foreach (var property in type.Properties)
        {
            property.IsRequired |= Find(known, property.Name) is { } member && (member.IsRequired
                || (settings.RespectRequiredConstructorParameters && member.AssociatedParameter is { HasDefaultValue: false }));
        }

        type.CreateObject = static () => throw new NotSupportedException("Schemas alone are made of this type.");
    }

    private static JsonPropertyInfo? Find(JsonTypeInfo type, string name) => type.Properties.FirstOrDefault(property => property.Name == name);
}
