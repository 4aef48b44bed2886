using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using SchemaStream.Json.Text;

namespace SchemaStream.Json.Validation;

/// <summary>Strings, numbers, and values compared as a whole.</summary>
internal ref partial struct Evaluation
{
    private const int ShortText = 256;
    private const int CharactersOfAStep = 256;

    /// <summary>An expression that is matched by trying costs what it takes.</summary>
    private const int StepsOfAMillisecond = JsonSchemaLimits.MaxValidationSteps / 500;

    /// <summary>Up to here, each with each is the quicker way.</summary>
    private const int FewItems = 16;

    private readonly bool IsAllowed(AllowedValues allowed, int place)
    {
        Span<byte> buffer = stackalloc byte[ShortText];
        return _tokens[place].Kind switch
        {
            JsonTokenKind.String => allowed.HasText(TextOf(place, buffer)),
            JsonTokenKind.Number => allowed.HasNumber(Bytes(place)),
            JsonTokenKind.Array or JsonTokenKind.Object => allowed.HasCompounds && allowed.HasCompound(ValueOf(place).Canonical),
            var constant => allowed.HasConstant(constant),
        };
    }

    private bool FollowsStrings(CompiledSchema schema, StringRules rules, int place)
    {
        Span<byte> buffer = stackalloc byte[ShortText];
        var text = TextOf(place, buffer);

        // A code point takes one byte to four: often that alone decides.
        if (text.Length > rules.MaxLength || (text.Length + 3) / 4 < rules.MinLength)
        {
            var length = CodePoints(text);
            if (length < rules.MinLength || length > rules.MaxLength)
            {
                var keyword = length < rules.MinLength ? "minLength" : "maxLength";
                return Fail(schema, keyword, place, $"has {length} characters");
            }
        }

        return rules.Pattern is null || IsMatch(rules.Pattern, text)
            || Fail(schema, "pattern", place, $"does not match '{rules.Pattern.Text}'");
    }

    private static int CodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var part in text)
        {
            count += (part & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    private bool IsMatch(DataPattern pattern, scoped ReadOnlySpan<byte> text)
    {
        Take(1 + ((long)pattern.Text.Length * text.Length / CharactersOfAStep));
        var rented = text.Length > ShortText ? ArrayPool<char>.Shared.Rent(text.Length) : null;
        Span<char> buffer = stackalloc char[ShortText];
        try
        {
            var target = rented ?? buffer;
            var characters = target[..Encoding.UTF8.GetChars(text, target)];
            if (pattern.IsLinear)
            {
                return pattern.IsMatch(characters);
            }

            var start = TimeProvider.System.GetTimestamp();
            var isMatch = pattern.IsMatch(characters);
            Take((long)(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds * StepsOfAMillisecond));
            return isMatch;
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ValidationLimitException(
                $"has text on which the expression '{pattern.Text}' takes longer than {JsonSchemaLimits.MaxMatchTime.TotalMilliseconds} ms");
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    private bool FollowsNumbers(CompiledSchema schema, NumberRules rules, int place)
    {
        var number = Bytes(place);
        if (rules.Minimum?.CompareTo(number) < 0)
        {
            return Fail(schema, "minimum", place, "is too small");
        }

        if (rules.Maximum?.CompareTo(number) > 0)
        {
            return Fail(schema, "maximum", place, "is too large");
        }

        if (rules.ExclusiveMinimum?.CompareTo(number) <= 0)
        {
            return Fail(schema, "exclusiveMinimum", place, "is too small");
        }

        if (rules.ExclusiveMaximum?.CompareTo(number) >= 0)
        {
            return Fail(schema, "exclusiveMaximum", place, "is too large");
        }

        return rules.MultipleOf?.Divides(number) != false || Fail(schema, "multipleOf", place, "is no multiple");
    }

    private bool IsUnique(int first, int count)
    {
        if (count < 2)
        {
            return true;
        }

        if (count > FewItems)
        {
            var known = new HashSet<string>(count, StringComparer.Ordinal);
            for (var place = first; count > 0; place = _tokens[place].Next, count--)
            {
                Take(_tokens[place].Next - place);
                if (!known.Add(ValueOf(place).Canonical))
                {
                    return false;
                }
            }

            return true;
        }

        for (var one = first; count > 1; one = _tokens[one].Next, count--)
        {
            var other = _tokens[one].Next;
            for (var left = count - 1; left > 0; left--, other = _tokens[other].Next)
            {
                if (AreEqual(one, other))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool AreEqual(int one, int other)
    {
        Take(1);
        ref readonly var left = ref _tokens[one];
        ref readonly var right = ref _tokens[other];
        if (left.Kind != right.Kind)
        {
            return false;
        }

        if (left.Kind is JsonTokenKind.Null or JsonTokenKind.True or JsonTokenKind.False
            || (left.Kind < JsonTokenKind.Array && Bytes(one).SequenceEqual(Bytes(other))))
        {
            return true;
        }

        var isPlain = left.Kind == JsonTokenKind.String && !left.HasEscapes && !right.HasEscapes;
        return !isPlain && ValueOf(one).Canonical == ValueOf(other).Canonical;
    }

    private readonly JsonValue ValueOf(int place)
    {
        ref readonly var token = ref _tokens[place];
        switch (token.Kind)
        {
            case JsonTokenKind.Null:
                return JsonValue.Null;
            case JsonTokenKind.True:
                return JsonValue.True;
            case JsonTokenKind.False:
                return JsonValue.False;
            case JsonTokenKind.Number:
                return JsonValue.OfNumber(Encoding.ASCII.GetString(Bytes(place)));
            case JsonTokenKind.String:
                return JsonValue.OfString(StringOf(place));
            case JsonTokenKind.Array:
                var items = new JsonValue[token.Length];
                for (int i = 0, item = place + 1; i < items.Length; i++, item = _tokens[item].Next)
                {
                    items[i] = ValueOf(item);
                }

                return JsonValue.OfArray(items);
            default:
                var members = new List<JsonMember>(token.Length);
                for (var name = place + 1; name < token.Next; name = _tokens[name + 1].Next)
                {
                    members.Add(new JsonMember(StringOf(name), ValueOf(name + 1)));
                }

                return JsonValue.OfObject(members);
        }
    }
}
