using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace SchemaStream.Generators.Polyfills;

/// <summary>Members of the newer framework that the linked files use.</summary>
internal static class FrameworkMembers
{
    extension(ArgumentNullException)
    {
        public static void ThrowIfNull(object? argument)
        {
            if (argument is null)
            {
                throw new ArgumentNullException(nameof(argument));
            }
        }
    }

    extension(RuntimeHelpers)
    {
        public static bool TryEnsureSufficientExecutionStack() => StackRoom.IsThere();
    }

    extension(char)
    {
        public static bool IsAsciiDigit(char c) => c is >= '0' and <= '9';

        public static bool IsAsciiLetterOrDigit(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
    }

    extension(string)
    {
        public static string Create(IFormatProvider provider, FormattableString text) => text.ToString(provider);

        public static string Join(char separator, IEnumerable<string> values) => string.Join(separator.ToString(), values);
    }

    public static bool Contains(this string text, string value, StringComparison comparison) => text.IndexOf(value, comparison) >= 0;

    public static StringBuilder AppendJoin(this StringBuilder output, string separator, IEnumerable<string> values) =>
        output.Append(string.Join(separator, values));

    public static StringBuilder Append(this StringBuilder output, IFormatProvider provider, FormattableString text) =>
        output.Append(text.ToString(provider ?? CultureInfo.InvariantCulture));

    public static bool TryAdd<TKey, TValue>(this Dictionary<TKey, TValue> entries, TKey key, TValue value)
        where TKey : notnull
    {
        if (entries.ContainsKey(key))
        {
            return false;
        }

        entries.Add(key, value);
        return true;
    }

    public static TValue? GetValueOrDefault<TKey, TValue>(this Dictionary<TKey, TValue> entries, TKey key)
        where TKey : notnull =>
        entries.TryGetValue(key, out var value) ? value : default;

    public static TValue GetValueOrDefault<TKey, TValue>(this Dictionary<TKey, TValue> entries, TKey key, TValue other)
        where TKey : notnull =>
        entries.TryGetValue(key, out var value) ? value : other;

    public static bool TryPop<T>(this Stack<T> items, out T item)
    {
        item = items.Count > 0 ? items.Pop() : default!;
        return item is not null;
    }

    public static IEnumerable<T> Order<T>(this IEnumerable<T> items, IComparer<T> comparer) => items.OrderBy(item => item, comparer);

    public static IEnumerable<(TFirst First, TSecond Second)> Zip<TFirst, TSecond>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second) =>
        first.Zip(second, (one, other) => (one, other));

    public static void Deconstruct<TKey, TValue>(this KeyValuePair<TKey, TValue> entry, out TKey key, out TValue value) =>
        (key, value) = (entry.Key, entry.Value);
}
