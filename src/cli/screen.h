/* Text for a terminal: colours, and what others wrote made harmless. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_GREEN, CLI_YELLOW, CLI_RED, CLI_CYAN } CliStyle;

/* Appends @text in a style; as it is without @colours. */
void cli_screen_style (GString *out, gboolean colours, CliStyle style, const char *text);

/* Appends @text with its lines and tabs, and without anything that a terminal obeys. */
void cli_screen_clean (GString *out, const char *text);

/* The same, each line with @indent in front. */
void cli_screen_lines (GString *out, const char *indent, const char *text);

G_END_DECLS
