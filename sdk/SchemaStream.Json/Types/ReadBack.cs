using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SchemaStream.Json.Types;

/// <summary>
/// Whether what System.Text.Json writes of a type can be read again. It says so itself only when the first record comes, and of
/// members that it writes and passes over when reading it says nothing.
/// </summary>
internal sealed class ReadBack
{
    private readonly Type _root;
    private readonly HashSet<Type> _seen = [];

    private ReadBack(Type root) => _root = root;

    /// <summary>Walks a type and all that is within it.</summary>
    /// <param name="type">The type, under the settings that it is written with.</param>
    /// <exception cref="SchemaSerializationException">Something would not come back; the message names the member and what to do.</exception>
    public static void Demand(JsonTypeInfo type) => new ReadBack(type.Type).Walk(type, type.Type.Name);

    private void Walk(JsonTypeInfo type, string path)
    {
        if (Nullable.GetUnderlyingType(type.Type) is { } underlying)
        {
            type = type.Options.GetTypeInfo(underlying);
        }

        if (!_seen.Add(type.Type))
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                WalkObject(type, path);
                break;
            case JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary:
                WalkItems(type, path);
                break;
        }
    }

    private void WalkObject(JsonTypeInfo type, string path)
    {
        var isAbstract = type.Type.IsAbstract || type.Type.IsInterface;
        foreach (var derived in type.PolymorphismOptions?.DerivedTypes ?? [])
        {
            if (derived.DerivedType != type.Type)
            {
                Walk(type.Options.GetTypeInfo(derived.DerivedType), $"{path} ({derived.DerivedType.Name})");
            }
        }

        if (type.CreateObject is null && isAbstract && type.PolymorphismOptions is null)
        {
            throw Lost(path, type.Type, "is abstract, so nothing says which type to make", "name the types that there are by [JsonDerivedType], or use one that is not abstract");
        }

        if (!isAbstract && !HasConstructor(type))
        {
            throw Lost(path, type.Type, "has no constructor that could be taken", "give it one without parameters, or mark the one to take with [JsonConstructor]");
        }

        if (type.Properties.Count == 0 && !type.Options.IncludeFields && HasFields(type))
        {
            throw Lost(path, type.Type, "has fields alone, which are not written", "use a record, or set IncludeFields");
        }

        foreach (var property in type.Properties.Where(property => property.Get is not null && !property.IsExtensionData))
        {
            WalkMember(type, property, $"{path}.{(property.AttributeProvider as MemberInfo)?.Name ?? property.Name}");
        }
    }

    private void WalkMember(JsonTypeInfo type, JsonPropertyInfo property, string path)
    {
        var handling = property.ObjectCreationHandling ?? type.PreferredPropertyObjectCreationHandling ?? type.Options.PreferredObjectCreationHandling;
        var content = type.Options.GetTypeInfo(property.PropertyType);
        if (property.Set is not null || property.AssociatedParameter is not null || handling == JsonObjectCreationHandling.Populate)
        {
            if (property.CustomConverter is null)
            {
                Walk(content, path);
            }

            return;
        }

        // What is computed comes back by itself. What is kept does not.
        var declared = property.AttributeProvider as PropertyInfo;
        if (declared?.SetMethod is not null)
        {
            throw Lost(path, property.PropertyType, "has a setter that is not public, so it is written and not read", "add [JsonInclude], or [JsonIgnore] not to write it");
        }

        if (content.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary
            && declared?.GetMethod?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) == true)
        {
            throw Lost(
                path,
                property.PropertyType,
                "has no setter, so its items are written and not read",
                "add 'init', or [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]");
        }
    }

    private void WalkItems(JsonTypeInfo type, string path)
    {
        var definition = type.Type.IsGenericType ? type.Type.GetGenericTypeDefinition() : null;
        if (definition == typeof(Stack<>) || definition == typeof(ConcurrentStack<>))
        {
            throw Lost(path, type.Type, "is read in the order in which it was written, which turns it round", "use a list");
        }

        try
        {
            // The reader alone knows which collections it can make.
            _ = JsonSerializer.Deserialize(type.Kind == JsonTypeInfoKind.Enumerable ? "[]"u8 : "{}"u8, type);
        }
        catch (NotSupportedException unmade)
        {
            throw Lost(path, type.Type, $"cannot be made by System.Text.Json ({unmade.Message.Split(". Path:")[0]})", "use a list, a set, a dictionary or an immutable collection", unmade);
        }

        if (type.ElementType is { } element)
        {
            Walk(type.Options.GetTypeInfo(element), path + "[]");
        }
    }

    /// <summary>Whether a constructor is known. Contexts that were generated for .NET 8 name none with parameters: there the reader is asked.</summary>
    private static bool HasConstructor(JsonTypeInfo type)
    {
        if (type.CreateObject is not null || type.ConstructorAttributeProvider is not null)
        {
            return true;
        }

        try
        {
            _ = JsonSerializer.Deserialize("{}"u8, type);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
        catch (Exception made) when (made is not OutOfMemoryException)
        {
            return true; // by a constructor that wants more than nothing
        }
    }

    /// <summary>Whether the type is a tuple, which has no properties, or another of that make: what trimming leaves of it is asked.</summary>
    private static bool HasFields(JsonTypeInfo type) => type.Type.IsValueType && typeof(ITuple).IsAssignableFrom(type.Type);

    private SchemaSerializationException Lost(string path, Type type, string why, string advice, Exception? cause = null)
    {
        var message = $"{_root} cannot be a type of a JSON topic: {path} ({type}) {why}; {advice}. A converter of your own may write it as well.";
        return cause is null ? new SchemaSerializationException(message) : new SchemaSerializationException(message, cause);
    }
}
