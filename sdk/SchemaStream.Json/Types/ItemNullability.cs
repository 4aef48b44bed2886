using System.Diagnostics.CodeAnalysis;
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

    /// <summary>
    /// What is said of the items. A member of a generic type is looked at in its definition: whether <c>T</c> is <c>string</c> or
    /// <c>string?</c> is not known when the program runs, so it may be null where the definition allows it.
    /// </summary>
    private static NullabilityInfo? ItemOf(ICustomAttributeProvider? member)
    {
        var nullability = Defined(member) switch
        {
            PropertyInfo property => new NullabilityInfoContext().Create(property),
            FieldInfo field => new NullabilityInfoContext().Create(field),
            _ => null,
        };
        return nullability?.ElementType ?? nullability?.GenericTypeArguments.LastOrDefault();
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The member is there, so it is in the definition of its type.")]
    private static MemberInfo? Defined(ICustomAttributeProvider? member) => member is MemberInfo { DeclaringType: { IsGenericType: true } type } constructed
        ? type.GetGenericTypeDefinition().GetMemberWithSameMetadataDefinitionAs(constructed)
        : member as MemberInfo;

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
