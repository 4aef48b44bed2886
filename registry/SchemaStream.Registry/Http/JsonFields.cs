using System.Text.Json;
using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Http;

/// <summary>Takes fields out of a JSON object; the first one of a wrong kind is remembered as the refusal.</summary>
internal sealed class JsonFields(JsonElement element)
{
    public RegistryError? Error { get; private set; }

    /// <summary>Remembers a refusal of the caller's own, unless there is one already.</summary>
    public void Refuse(string why) => Error ??= new RegistryError(400, why);

    public bool Has(string name) => element.TryGetProperty(name, out _);

    public string? Text(string name)
    {
        if (!Find(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : Wrong<string>(name, "a string");
    }

    public int Number(string name)
    {
        if (!Find(name, out var value))
        {
            return 0;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        Wrong<string>(name, "a number of 32 bits");
        return 0;
    }

    public bool? Flag(string name)
    {
        if (!Find(name, out var value))
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Wrong<string>(name, "true or false");
                return null;
        }
    }

    public JsonFields? Object(string name)
    {
        if (!Find(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object ? new JsonFields(value) : Wrong<JsonFields>(name, "an object");
    }

    /// <summary>A part that reads itself, and says by a <see cref="FormatException"/> what is wrong with it.</summary>
    public T? Part<T>(string name, Func<JsonElement, T> read)
        where T : class
    {
        if (!Find(name, out var value))
        {
            return null;
        }

        try
        {
            return read(value);
        }
        catch (FormatException malformed)
        {
            Error ??= new RegistryError(400, $"'{name}' cannot be read: {malformed.Message}");
            return null;
        }
    }

    /// <summary>A list of texts; null if it is absent.</summary>
    public IReadOnlyList<string>? Strings(string name)
    {
        if (!Find(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
                ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
                : Wrong<IReadOnlyList<string>>(name, "an array of strings");
    }

    public IReadOnlyList<T> List<T>(string name, Func<JsonFields, T> read)
    {
        if (!Find(name, out var value))
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong<string>(name, "an array");
            return [];
        }

        var list = new List<T>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                Wrong<string>(name, "an array of objects");
                return [];
            }

            var fields = new JsonFields(item);
            list.Add(read(fields));
            Error ??= fields.Error;
        }

        return list;
    }

    private bool Find(string name, out JsonElement value) =>
        element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private T? Wrong<T>(string name, string expected)
        where T : class
    {
        Error ??= new RegistryError(400, $"'{name}' must be {expected}.");
        return null;
    }
}
