using System.Text;
using System.Text.Json;

namespace SchemaStream.Json.Validation;

/// <summary>One holding of data against a schema. What it may cost is bounded, whatever the schema and the data.</summary>
internal ref partial struct Evaluation
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly JsonToken[] _tokens;
    private long _steps;
    private int _depth;

    /// <summary>How many alternatives are being tried around this: what fails there is no failure yet.</summary>
    private int _tried;
    private Failure? _failure;

    public Evaluation(ReadOnlySpan<byte> data, JsonToken[] tokens)
    {
        _data = data;
        _tokens = tokens;
        _steps = JsonSchemaLimits.MaxValidationSteps;
    }

    /// <summary>The first failure; null where there is none.</summary>
    public readonly Failure? FirstFailure => _failure;

    /// <summary>What failed: a schema's keyword, at a place on the tape.</summary>
    internal sealed record Failure(CompiledSchema Schema, string Keyword, int Place, string Message);

    /// <summary>Whether a value follows a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="place">The value's place on the tape.</param>
    /// <param name="seen">Receives what of the value was looked at; null where nobody asks.</param>
    public bool Follows(CompiledSchema schema, int place, Evaluated? seen)
    {
        Take(1);
        if (schema.IsNever)
        {
            return Fail(schema, "false", place, "must not be there");
        }

        ref readonly var token = ref _tokens[place];
        if (schema.Types != JsonTokenKind.None
            && ((token.Kind & schema.Types) == 0 || (schema.IsInteger && token.Kind == JsonTokenKind.Number && !NumberLimit.IsInteger(Bytes(place)))))
        {
            return Fail(schema, "type", place, "is of another type");
        }

        if ((schema.Enum is { } allowed && !IsAllowed(allowed, place)) || (schema.Const is { } constant && !IsAllowed(constant, place)))
        {
            return Fail(schema, schema.Enum is null ? "const" : "enum", place, "is none of the values allowed");
        }

        var holds = token.Kind switch
        {
            JsonTokenKind.String => schema.Strings is null || FollowsStrings(schema, schema.Strings, place),
            JsonTokenKind.Number => schema.Numbers is null || FollowsNumbers(schema, schema.Numbers, place),
            _ => true,
        };
        return holds && (schema.HasApplicators || token.Kind >= JsonTokenKind.Array
            ? FollowsWithin(schema, place, seen)
            : holds);
    }

    private bool FollowsWithin(CompiledSchema schema, int place, Evaluated? seen)
    {
        if (++_depth > JsonSchemaLimits.MaxValidationDepth)
        {
            throw new ValidationLimitException(
                $"leads through more than {JsonSchemaLimits.MaxValidationDepth} schemas within one another; it is refused");
        }

        var kind = _tokens[place].Kind;
        var asks = (schema.UnevaluatedItems is not null && kind == JsonTokenKind.Array)
            || (schema.UnevaluatedProperties is not null && kind == JsonTokenKind.Object);
        var own = asks ? new Evaluated() : seen;
        var holds = kind switch
        {
            JsonTokenKind.Array => schema.Arrays is null || FollowsArrays(schema, schema.Arrays, place, own),
            JsonTokenKind.Object => schema.Objects is null || FollowsObjects(schema, schema.Objects, place, own),
            _ => true,
        };
        holds = holds && (!schema.HasApplicators || FollowsCombined(schema, place, own)) && (!asks || FollowsUnevaluated(schema, place, own!));
        _depth--;
        if (asks && holds)
        {
            seen?.AddAll(own!);
        }

        return holds;
    }

    private bool FollowsCombined(CompiledSchema schema, int place, Evaluated? seen)
    {
        if (schema.Reference is { } reference && !Follows(reference, place, seen))
        {
            return false;
        }

        foreach (var part in schema.AllOf)
        {
            if (!Follows(part, place, seen))
            {
                return false;
            }
        }

        if (schema.AnyOf.Length > 0 && CountOf(schema.AnyOf, place, seen, seen is null ? 1 : int.MaxValue) == 0)
        {
            return Fail(schema, "anyOf", place, "follows none of the alternatives");
        }

        if (schema.OneOf.Length > 0)
        {
            var count = CountOf(schema.OneOf, place, seen, 2);
            if (count != 1)
            {
                return Fail(schema, "oneOf", place, count == 0 ? "follows none of the alternatives" : "follows more than one of the alternatives");
            }
        }

        if (schema.Not is { } excluded && IsTried(excluded, place, null))
        {
            return Fail(schema, "not", place, "follows what is excluded");
        }

        if (schema.If is { } condition)
        {
            var next = IsTried(condition, place, seen) ? schema.Then : schema.Else;
            return next is null || Follows(next, place, seen);
        }

        return true;
    }

    /// <summary>How many alternatives a value follows, as far as anyone asks.</summary>
    private int CountOf(CompiledSchema[] alternatives, int place, Evaluated? seen, int most)
    {
        var count = 0;
        foreach (var alternative in alternatives)
        {
            if (IsTried(alternative, place, seen) && ++count == most)
            {
                break;
            }
        }

        return count;
    }

    private bool IsTried(CompiledSchema schema, int place, Evaluated? seen)
    {
        var own = seen is null ? null : new Evaluated();
        _tried++;
        var holds = Follows(schema, place, own);
        _tried--;
        if (holds && own is not null)
        {
            seen!.AddAll(own);
        }

        return holds;
    }

    private void Take(long steps)
    {
        if ((_steps -= steps) < 0)
        {
            RefuseFurtherSteps();
        }
    }

    private static void RefuseFurtherSteps() => throw new ValidationLimitException(
        $"takes more than {JsonSchemaLimits.MaxValidationSteps} steps to be held against its schema; it is refused");

    private bool Fail(CompiledSchema schema, string keyword, int place, string message)
    {
        if (_tried == 0)
        {
            _failure ??= new Failure(schema, keyword, place, message);
        }

        return false;
    }

    private readonly ReadOnlySpan<byte> Bytes(int place)
    {
        ref readonly var token = ref _tokens[place];
        return _data.Slice(token.Start, token.Length);
    }

    /// <summary>The text of a string or name as UTF-8; unescaped into the buffer where it has escapes.</summary>
    private readonly ReadOnlySpan<byte> TextOf(int place, Span<byte> buffer)
    {
        ref readonly var token = ref _tokens[place];
        if (!token.HasEscapes)
        {
            return Bytes(place);
        }

        // Never longer than what it is written as.
        var target = token.Length <= buffer.Length ? buffer : new byte[token.Length];
        var reader = new Utf8JsonReader(_data.Slice(token.Start - 1, token.Length + 2));
        reader.Read();
        try
        {
            return target[..reader.CopyString(target)];
        }
        catch (InvalidOperationException half)
        {
            throw new ValidationLimitException($"has text with half a surrogate pair: {half.Message}");
        }
    }

    private readonly string StringOf(int place) => Encoding.UTF8.GetString(TextOf(place, []));
}
