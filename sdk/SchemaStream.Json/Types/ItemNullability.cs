using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace SchemaStream.Json.Types;

/// <summary>Whether the items of a member's list, or the values of its dictionary, may be null: the exporter does not look.</summary>
internal static class ItemNullability
{
    /// <summary>Lets a list's or dictionary's schema take null where the member's declaration does: <c>List&lt;string?&gt;</c>.</summary>
    /// <param name="property">The member; null for a type that is no member's.</param>
    /// <param name="type">Its type.</param>
    /// <param name="schema">Its schema.</param>
    public static void Say(JsonPropertyInfo? property, JsonTypeInfo type, JsonObject schema)
    {
        var keyword = type.Kind switch
        {
            JsonTypeInfoKind.Enumerable => "items",
            JsonTypeInfoKind.Dictionary => "additionalProperties",
            _ => null,
        };
        if (keyword is not null && type.ElementType is { IsValueType: false } && schema[keyword] is JsonObject items
            && ItemOf(property?.AttributeProvider) is { ReadState: NullabilityState.Nullable })
        {
            schema[keyword] = OrNull(items);
        }
    }

    /// <summary>What is said of the items; nothing where the member is of a generic type, whose argument need not say it.</summary>
    private static NullabilityInfo? ItemOf(ICustomAttributeProvider? member)
    {
        if (member is not MemberInfo { DeclaringType.IsGenericType: false })
        {
            return null;
        }

        var nullability = member switch
        {
            PropertyInfo property => new NullabilityInfoContext().Create(property),
            FieldInfo field => new NullabilityInfoContext().Create(field),
            _ => null,
        };
        return nullability?.ElementType ?? nullability?.GenericTypeArguments.LastOrDefault();
    }

    private static JsonObject OrNull(JsonObject items)
    {
        if (items["type"] is JsonValue single && !items.ContainsKey("enum"))
        {
            items["type"] = new JsonArray(single.DeepClone(), "null");
            return items;
        }

        return items["type"] is JsonArray
            ? items
            : new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "null" }, items.DeepClone()) };
    }
}
