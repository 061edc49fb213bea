def draw_other_world(*a): pass
