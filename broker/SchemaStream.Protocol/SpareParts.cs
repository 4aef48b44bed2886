namespace SchemaStream.Protocol;

/// <summary>
/// The structs of one kind that a message held before it was reset: those it needs next are taken from here. They are the
/// whole message's, not those of one list, so that a sender who varies the shape cannot make it keep more than the limit.
/// </summary>
public sealed class SpareParts<TPart, TMessage>
    where TPart : class, IMessagePart<TMessage>, new()
    where TMessage : class
{
    /// <summary>What is more than this after a reset is left to the garbage collector.</summary>
    public const int MaxParts = 8192;

    private readonly List<TPart> _parts = [];
    private readonly List<List<TPart>> _lists = [];

    /// <summary>A struct as a new one is; null when there is none to spare.</summary>
    public TPart? Take()
    {
        var last = _parts.Count - 1;
        if (last < 0)
        {
            return null;
        }

        var part = _parts[last];
        _parts.RemoveAt(last);
        return part;
    }

    /// <summary>An empty list; null when there is none to spare.</summary>
    public List<TPart>? TakeList()
    {
        var last = _lists.Count - 1;
        if (last < 0)
        {
            return null;
        }

        var list = _lists[last];
        _lists.RemoveAt(last);
        return list;
    }

    internal void Add(TPart part)
    {
        if (_parts.Count < MaxParts)
        {
            _parts.Add(part);
        }
    }

    internal void AddList(List<TPart> list)
    {
        if (_lists.Count < MaxParts)
        {
            _lists.Add(list);
        }
    }
}

/// <summary>What generated messages do when they are reset. The spares are made when there is something to keep.</summary>
public static class SpareParts
{
    /// <summary>Resets a struct and keeps it.</summary>
    public static void Keep<TPart, TMessage>(ref SpareParts<TPart, TMessage>? spares, TPart? part, TMessage message)
        where TPart : class, IMessagePart<TMessage>, new()
        where TMessage : class
    {
        if (part is not null)
        {
            part.Reset(message);
            (spares ??= new()).Add(part);
        }
    }

    /// <summary>Empties a list and keeps what was in it. The list too stays where it is, unless it is very large.</summary>
    public static void Keep<TPart, TMessage>(ref SpareParts<TPart, TMessage>? spares, ref List<TPart>? list, TMessage message)
        where TPart : class, IMessagePart<TMessage>, new()
        where TMessage : class
    {
        if (list is null)
        {
            return;
        }

        // Those that come first are taken first again: they have room for what they held.
        for (var i = list.Count - 1; i >= 0; i--)
        {
            Keep(ref spares, list[i], message);
        }

        list = MessageList.Emptied(list);
    }

    /// <summary>As the other, for a list that may be null: it is null afterwards.</summary>
    public static void KeepList<TPart, TMessage>(ref SpareParts<TPart, TMessage>? spares, ref List<TPart>? list, TMessage message)
        where TPart : class, IMessagePart<TMessage>, new()
        where TMessage : class
    {
        Keep(ref spares, ref list, message);
        if (list is not null)
        {
            (spares ??= new()).AddList(list);
            list = null;
        }
    }
}
