using System.Numerics;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>The built-in functions: those of Jinja2, and the two that transformers adds.</summary>
internal static class TemplateGlobals
{
    public static IEnumerable<KeyValuePair<string, object?>> Create(TimeProvider clock)
    {
        Function[] functions =
        [
            new("range", Range),
            new("dict", a => Dict(a, "dict")),
            new("namespace", a => new TemplateNamespace(Dict(a, "namespace"))),
            new("cycler", a => new Cycler(a)),
            new("joiner", a => Joiner(PythonText.Str(a.Bind("joiner", 0, "sep").Or(0, ", "), a.Budget))),
            new("raise_exception", a =>
                throw new TemplateFault(PythonText.Str(a.Bind("raise_exception", 1, "message")[0], a.Budget), raisedByTemplate: true)
            ),
            new("strftime_now", a => StrfTime.Format(clock.GetLocalNow(), a.Bind("strftime_now", 1, "format").Text(0)!, a.Budget)),
            new("lipsum", _ => throw new TemplateFault("the function 'lipsum' is not supported")),
        ];
        return functions.Select(f => KeyValuePair.Create(f.Name, (object?)f)).Append(new("self", new Blocks()));
    }

    private static PythonRange Range(Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("range", 1, "start", "stop", "step");
        BigInteger start = Whole(bound[0]);
        return bound.Has(1) ? new(start, Whole(bound[1]), bound.Has(2) ? Whole(bound[2]) : 1) : new(0, start, 1);

        static BigInteger Whole(object? value) =>
            PythonNumbers.AsInteger(value)
            ?? throw (value as Undefined)?.Fail()
                ?? new TemplateFault($"'{PythonText.TypeName(value)}' object cannot be interpreted as an integer");
    }

    private static PythonDict Dict(Arguments arguments, string name)
    {
        var result = new PythonDict(arguments.Budget);
        if (arguments.Positional.Count > 1)
        {
            throw new TemplateFault($"{name} expected at most 1 argument, got {arguments.Positional.Count}");
        }

        if (arguments.Positional is [PythonDict from])
        {
            arguments.Budget.MakeElements(from.Count);
            foreach ((object? key, object? value) in from.Entries)
            {
                result[key] = value;
            }
        }
        else if (arguments.Positional is [Undefined undefined])
        {
            throw undefined.Fail();
        }
        else if (arguments.Positional is [var pairs])
        {
            foreach (object? pair in PythonCompare.Iterate(pairs, arguments.Budget))
            {
                arguments.Budget.MakeElements(1);
                (object? key, object? value) = PythonCompare.Iterate(pair, arguments.Budget).Take(3).ToList() is [var first, var second]
                    ? (first, second)
                    : throw new TemplateFault("a dict is made of pairs");
                result[key] = value;
            }
        }

        foreach ((string? key, object? value) in arguments.Named)
        {
            result[key] = value;
        }

        return result;
    }

    private static Function Joiner(string separator)
    {
        bool used = false;
        return new("joiner", _ =>
        {
            string text = used ? separator : "";
            used = true;
            return text;
        });
    }

    /// <summary>self: the template's blocks by name. Chat templates have none, so every name is undefined.</summary>
    private sealed class Blocks : IAttributes
    {
        public bool TryGet(string name, out object? value)
        {
            value = null;
            return false;
        }
    }

    private sealed class Cycler : IAttributes
    {
        private readonly IReadOnlyList<object?> _items;
        private readonly Budget _budget;
        private int _at;

        public Cycler(Arguments arguments)
        {
            _budget = arguments.Budget;
            _items =
                arguments.Positional.Count > 0 ? arguments.Positional : throw new TemplateFault("at least one item has to be provided");
        }

        public bool TryGet(string name, out object? value)
        {
            value = name switch
            {
                "current" => _items[_at],
                "pos" => new BigInteger(_at),
                "items" => Items(),
                "next" => new Function("next", _ => Next()),
                "reset" => new Function("reset", _ => Reset()),
                _ => null,
            };
            return name is "current" or "pos" or "items" or "next" or "reset";
        }

        private PythonTuple Items()
        {
            _budget.MakeElements(_items.Count);
            return new([.. _items]);
        }

        private object? Next()
        {
            object? item = _items[_at];
            _at = (_at + 1) % _items.Count;
            return item;
        }

        private object? Reset()
        {
            _at = 0;
            return null;
        }
    }
}
